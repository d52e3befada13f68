// SPDX-License-Identifier: GPL-2.0-or-later
// A Japanese storehouse on the JDK's own HTTP server: expression languages, templates, objects, look-ups. Vulnerable on purpose.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.*;
import java.net.*;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;

public class Kura {
	interface Work { String run() throws Exception; }
	static final String BUILD = System.getenv("BUILD");
	static final boolean FIXED = BUILD.equals("kengo"), SILENT = BUILD.equals("muon");
	static final String SHOWN = SILENT ? "no" : "yes";
	static final List<String> facts = new ArrayList<>();

	static String quote(Object o) {
		String s = String.valueOf(o);
		StringBuilder b = new StringBuilder("\"");
		for (char c : s.substring(0, Math.min(6000, s.length())).toCharArray())
			b.append(c == '"' || c == '\\' ? "\\" + c : c < 32 || c > 126 ? String.format("\\u%04x", (int) c) : String.valueOf(c));
		return b.append('"').toString();
	}

	static void fact(String kind, Object... pairs) {
		StringBuilder b = new StringBuilder("{\"kind\":" + quote(kind));
		for (int i = 0; i < pairs.length; i += 2)
			b.append(',').append(quote(pairs[i])).append(':').append(pairs[i + 1] == null || pairs[i + 1] instanceof Boolean || pairs[i + 1] instanceof Number ? pairs[i + 1] : quote(pairs[i + 1]));
		facts.add(b.append('}').toString());
	}

	static Throwable root(Throwable t) {
		while (t.getCause() != null && t.getCause() != t)
			t = t.getCause();
		return t;
	}

	/* Evaluates, tells what came of it, and gives what the page shows. */
	static String[] evaluated(String language, String text, boolean refuse, Work work) {
		String value = "", error = null;
		if (refuse && FIXED) {
			fact("code", "language", language, "text", text, "error", null, "output", "", "value", "", "shown", SHOWN, "refused", true);
			return new String[] {"", "refused"};
		}
		try {
			value = work.run();
		} catch (Throwable t) {
			String name = t.getClass().getSimpleName(), message = String.valueOf(t.getMessage());
			boolean parse = name.matches("SpelParseException|ExpressionSyntaxException|ParseException|ParseErrorException|TemplateInitException") || name.equals("CompileException") && !message.contains("invok")
				|| name.equals("ELException") && message.contains("parse");
			error = (parse ? "SyntaxError: " : "") + name + ": " + root(t);
		}
		fact("code", "language", language, "text", text, "error", error, "output", "", "value", value, "shown", SHOWN, "refused", false);
		return new String[] {value, error};
	}

	static Map<String, String> fields(String text) {
		Map<String, String> map = new LinkedHashMap<>();
		for (String pair : text.split("&")) {
			int at = pair.indexOf('=');
			if (at > 0)
				map.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
		}
		return map;
	}

	static String escape(String s) { return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;"); }

	static void reply(HttpExchange x, int status, String type, String charset, byte[] body) throws IOException {
		x.getResponseHeaders().set("Content-Type", charset == null ? type : type + "; charset=" + charset);
		x.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
		x.getResponseBody().write(body);
		x.close();
	}

	static void page(HttpExchange x, int status, String charset, String title, String body) throws IOException {
		String html = "<!DOCTYPE html><html lang=\"ja\"><head><meta charset=\"" + charset + "\"><title>" + title + "</title></head><body><h1>" + title + "</h1>" + body + "<hr>倉庫管理</body></html>";
		reply(x, status, "text/html", charset, html.getBytes(Charset.forName(charset)));
	}

	static void result(HttpExchange x, String title, String[] r, boolean raw, String charset) throws IOException {
		if (SILENT)
			page(x, 200, charset, "受付", "<p>受け付けました。</p>");
		else if (r[1] != null)
			page(x, 500, charset, "エラー", "<pre>" + escape(r[1]) + "</pre>");
		else
			page(x, 200, charset, title, "<p>結果: " + (raw ? r[0] : escape(r[0])) + "</p>");
	}

	/* What careless loggers do to every message: look-ups inside it are carried out. */
	static void log(String message) {
		Map<String, Object> seen = new HashMap<>();
		org.apache.logging.log4j.core.lookup.Interpolator lookups = new org.apache.logging.log4j.core.lookup.Interpolator(new HashMap<>());
		lookups.getStrLookupMap().put("jndi", new org.apache.logging.log4j.core.lookup.StrLookup() {
			public String lookup(String key) {
				fact("jndi", "name", key);
				try {
					Hashtable<String, String> env = new Hashtable<>();
					env.put("com.sun.jndi.ldap.connect.timeout", "2000");
					env.put("com.sun.jndi.ldap.read.timeout", "2000");
					return String.valueOf(new javax.naming.InitialContext(env).lookup(key));
				} catch (Exception e) {
					return null;
				}
			}
			public String lookup(org.apache.logging.log4j.core.LogEvent event, String key) { return lookup(key); }
		});
		org.apache.logging.log4j.core.lookup.StrSubstitutor s = new org.apache.logging.log4j.core.lookup.StrSubstitutor(lookups);
		s.setEnableSubstitutionInVariables(true);
		try (FileWriter f = new FileWriter("/tmp/kura-" + BUILD + ".log", true)) {
			String done = FIXED ? message : s.replace(message);
			if (!done.equals(message))
				fact("expanded", "text", done);
			f.write(done + "\n");
		} catch (Exception e) {
			fact("error", "shown", "no");
		}
	}

	static void serve(HttpExchange x, String path, Map<String, String> f, byte[] body) throws Exception {
		String text = new String(body, StandardCharsets.UTF_8);
		switch (path) {
		case "/" -> page(x, 200, "UTF-8", "倉庫", "<a href=\"/keisan?shiki=3*7\">計算</a> <a href=\"/tana?mei=ichiban.txt\">棚</a> <a href=\"/sagasu?kotoba=米\">探す</a>");
		case "/keisan" -> {
			String e = f.getOrDefault("shiki", "1");
			result(x, "計算", evaluated("spel", e, !e.matches("[\\d\\s.+*/()-]{1,60}"), () -> String.valueOf(new org.springframework.expression.spel.standard.SpelExpressionParser().parseExpression(e).getValue())), false, "UTF-8");
		}
		case "/jouken" -> {
			String e = f.getOrDefault("siki", "1");
			result(x, "条件", evaluated("ognl", e, true, () -> String.valueOf(ognl.Ognl.getValue(e, new HashMap<>(Map.of("kome", 31)), new HashMap<>(Map.of("kome", 31))))), false, "Shift_JIS");
		}
		case "/kisoku" -> {
			String e = f.getOrDefault("bun", "1");
			result(x, "規則", evaluated("mvel", e, true, () -> String.valueOf(org.mvel2.MVEL.eval(e, new HashMap<>(Map.of("kome", 31))))), true, "UTF-8");
		}
		case "/rabel" -> {
			String e = f.getOrDefault("moji", "");
			result(x, "ラベル", evaluated("el", e, true, () -> {
				jakarta.el.ExpressionFactory factory = jakarta.el.ExpressionFactory.newInstance();
				jakarta.el.StandardELContext context = new jakarta.el.StandardELContext(factory);
				context.getVariableMapper().setVariable("kome", factory.createValueExpression(31, Integer.class));
				Object value = factory.createValueExpression(context, e, Object.class).getValue(context);
				return String.valueOf(value);
			}), false, "UTF-8");
		}
		case "/tegami", "/fuda" -> {
			String e = f.getOrDefault("bunmen", "");
			String value = "", error = null;
			StringWriter out = new StringWriter();
			try {
				if (FIXED)
					out.write(escape(e));
				else if (path.equals("/tegami"))
					new freemarker.template.Template("t", new StringReader(e), new freemarker.template.Configuration(freemarker.template.Configuration.VERSION_2_3_31)).process(Map.of("kome", 31, "namae", "佐藤"), out);
				else {
					org.apache.velocity.VelocityContext c = new org.apache.velocity.VelocityContext();
					c.put("kome", 31);
					c.put("namae", "佐藤");
					org.apache.velocity.app.Velocity.evaluate(c, out, "t", e);
				}
			} catch (Throwable t) {
				error = (t.getClass().getSimpleName().matches("Parse.*|.*ParseErrorException") ? "SyntaxError: " : "") + t.getClass().getSimpleName() + ": " + t.getMessage();
			}
			value = out.toString();
			fact("template", "engine", path.equals("/tegami") ? "freemarker" : "velocity", "text", e, "output", value, "error", error, "shown", SHOWN, "bound", FIXED, "plain", "");
			result(x, "手紙", new String[] {value, error == null ? null : error.split("\n")[0]}, true, "UTF-8");
		}
		case "/sagasu" -> {
			log("検索 " + f.getOrDefault("kotoba", "") + " " + x.getRequestHeaders().getFirst("User-Agent") + " " + x.getRequestHeaders().getFirst("X-Tenpo"));
			page(x, 200, "UTF-8", "検索", "<p>該当なし</p>");
		}
		case "/hikitori" -> {
			String error = null, value = "";
			try {
				byte[] data = body.length > 0 ? body : Base64.getDecoder().decode(f.getOrDefault("nimotsu", ""));
				if (FIXED)
					throw new SecurityException("refused");
				value = String.valueOf(new ObjectInputStream(new ByteArrayInputStream(data)).readObject());
			} catch (Throwable t) {
				error = t.getClass().getSimpleName() + ": " + t.getMessage();
			}
			fact("unserialize", "language", "java", "text", Base64.getEncoder().encodeToString(body), "error", error, "value", value, "shown", SHOWN, "refused", FIXED);
			result(x, "引取", new String[] {value, error}, false, "UTF-8");
		}
		case "/chumon" -> {
			String value = "", error = null;
			List<String> fetched = new ArrayList<>();
			try {
				javax.xml.parsers.DocumentBuilderFactory factory = javax.xml.parsers.DocumentBuilderFactory.newInstance();
				if (FIXED)
					factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
				javax.xml.parsers.DocumentBuilder builder = factory.newDocumentBuilder();
				builder.setEntityResolver((publicId, systemId) -> {
					byte[] data;
					try (InputStream in = new URL(systemId).openStream()) {
						data = in.readAllBytes();
					} catch (IOException e) {
						fetched.add("[" + quote(systemId) + ",-1]");
						throw e;
					}
					fetched.add("[" + quote(systemId) + "," + data.length + "]");
					org.xml.sax.InputSource s = new org.xml.sax.InputSource(new ByteArrayInputStream(data));
					s.setSystemId(systemId);
					return s;
				});
				org.w3c.dom.NodeList list = builder.parse(new ByteArrayInputStream(body)).getElementsByTagName("shina");
				for (int i = 0; i < list.getLength(); i++)
					value += list.item(i).getTextContent() + "\n";
			} catch (Exception e) {
				error = e.getClass().getSimpleName() + ": " + e.getMessage();
			}
			facts.add("{\"kind\":\"xml\",\"ok\":" + (error == null) + ",\"text\":" + quote(value) + ",\"errors\":[" + (error == null ? "" : quote(error)) + "],\"shown\":" + quote(SHOWN) + ",\"fetched\":[" + String.join(",", fetched) + "],\"safe\":" + FIXED + "}");
			result(x, "注文", new String[] {value, error}, false, "UTF-8");
		}
		case "/tana" -> {
			Path p = Path.of("/srv/kura/tana/" + (FIXED ? Path.of("/" + f.getOrDefault("mei", "x")).getFileName() : f.getOrDefault("mei", "")));
			byte[] data = Files.isRegularFile(p) && Files.isReadable(p) ? Files.readAllBytes(p) : null;
			fact("read", "path", p, "ok", data != null, "bytes", data == null ? 0 : data.length, "text", data == null ? "" : new String(data, StandardCharsets.UTF_8), "shown", SHOWN);
			if (data == null)
				page(x, 404, "UTF-8", "棚", "<p>見つかりません</p>");
			else
				reply(x, 200, "text/plain", "UTF-8", SILENT ? "受付\n".getBytes(StandardCharsets.UTF_8) : data);
		}
		case "/toru" -> {
			String value = "", error = "";
			if (FIXED) {
				fact("fetch", "url", f.getOrDefault("basho", ""), "refused", true);
				page(x, 403, "UTF-8", "取得", "<p>許可されていません</p>");
				return;
			}
			try {
				URLConnection c = new URL(f.getOrDefault("basho", "")).openConnection();
				c.setConnectTimeout(2500);
				c.setReadTimeout(2500);
				value = new String(c.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			} catch (Exception e) {
				error = e.getClass().getSimpleName() + ": " + e.getMessage();
			}
			fact("fetch", "url", f.getOrDefault("basho", ""), "ok", error.isEmpty(), "bytes", value.length(), "error", error, "text", value, "shown", SHOWN);
			result(x, "取得", new String[] {value, error.isEmpty() ? null : error}, false, "UTF-8");
		}
		case "/tooi" -> {
			String host = f.getOrDefault("aite", "localhost");
			if (FIXED) {
				fact("refused", "why", "argument passed without a shell");
				page(x, 200, "UTF-8", "疎通", "<pre></pre>");
				return;
			}
			String command = "getent hosts " + host;
			Process p = new ProcessBuilder("/bin/sh", "-c", command).redirectErrorStream(true).start();
			p.getOutputStream().close();
			String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			fact("shell", "command", command, "own", "getent hosts", "output", out, "shown", SHOWN);
			if (SILENT)
				page(x, 200, "UTF-8", "受付", "<p>受け付けました。</p>");
			else
				page(x, 200, "Shift_JIS", "疎通", "<pre>" + escape(out) + "</pre>");
		}
		default -> page(x, 404, "UTF-8", "なし", "<p>ページがありません</p>");
		}
	}

	public static void main(String[] arguments) throws Exception {
		System.setProperty("org.apache.commons.collections.enableUnsafeSerialization", "true");
		HttpServer server = HttpServer.create(new InetSocketAddress(System.getenv("ADDRESS"), 8080), 64);
		long pid = ProcessHandle.current().pid();
		server.createContext("/", x -> {
			double start = System.currentTimeMillis() / 1000.0;
			facts.clear();
			try {
				byte[] body = x.getRequestBody().readAllBytes();
				Map<String, String> f = fields(Objects.requireNonNullElse(x.getRequestURI().getRawQuery(), ""));
				if (String.valueOf(x.getRequestHeaders().getFirst("Content-Type")).contains("urlencoded"))
					f.putAll(fields(new String(body, StandardCharsets.UTF_8)));
				serve(x, x.getRequestURI().getPath(), f, body);
			} catch (Throwable t) {
				page(x, 500, "UTF-8", "エラー", "<p>内部エラー</p>");
			}
			String line = String.format("{\"src\":\"%s\",\"sport\":%d,\"pid\":%d,\"line\":%s,\"start\":%.6f,\"end\":%.6f,\"build\":\"%s\",\"facts\":[%s]}\n", x.getRemoteAddress().getAddress().getHostAddress(), x.getRemoteAddress().getPort(), pid,
				quote(x.getRequestMethod() + " " + x.getRequestURI()), start, System.currentTimeMillis() / 1000.0, BUILD, String.join(",", facts));
			Files.writeString(Path.of("/run/truth/requests"), line, StandardOpenOption.APPEND);
		});
		server.start();
	}
}
