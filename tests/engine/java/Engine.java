// SPDX-License-Identifier: GPL-2.0-or-later
// Texts from standard input, each ended by NUL, evaluated by a library of Java's; values to standard output likewise.
import java.io.*;
import java.nio.charset.StandardCharsets;

public abstract class Engine {
	abstract Object value(String text) throws Exception;

	static void serve(Engine engine) throws IOException {
		InputStream in = new BufferedInputStream(System.in);
		PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), false, "UTF-8");
		ByteArrayOutputStream text = new ByteArrayOutputStream();
		System.setOut(System.err);
		for (int c; (c = in.read()) >= 0;) {
			if (c != 0) {
				text.write(c);
				continue;
			}
			String answer;
			try {
				answer = "= " + engine.value(new String(text.toByteArray(), StandardCharsets.UTF_8));
			} catch (Throwable e) {
				answer = "? " + e.getClass().getName();
			}
			text.reset();
			out.print(answer);
			out.write(0);
		}
		out.flush();
	}
}
