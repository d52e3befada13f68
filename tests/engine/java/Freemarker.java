// SPDX-License-Identifier: GPL-2.0-or-later
public class Freemarker extends Engine {
	private final freemarker.template.Configuration configuration = new freemarker.template.Configuration();

	Freemarker() {
		configuration.setLocale(java.util.Locale.US);
		configuration.setTemplateExceptionHandler(freemarker.template.TemplateExceptionHandler.RETHROW_HANDLER);
	}

	Object value(String text) throws Exception {
		java.io.StringWriter out = new java.io.StringWriter();
		new freemarker.template.Template("t", new java.io.StringReader(text), configuration).process(new java.util.HashMap<String, Object>(), out);
		return out;
	}

	public static void main(String[] args) throws Exception {
		freemarker.log.Logger.selectLoggerLibrary(freemarker.log.Logger.LIBRARY_NONE);
		serve(new Freemarker());
	}
}
