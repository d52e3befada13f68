// SPDX-License-Identifier: GPL-2.0-or-later
public class GroovyEngine extends Engine {
	private final groovy.lang.GroovyShell shell = new groovy.lang.GroovyShell();

	Object value(String text) {
		return shell.evaluate(text);
	}

	public static void main(String[] args) throws Exception {
		serve(new GroovyEngine());
	}
}
