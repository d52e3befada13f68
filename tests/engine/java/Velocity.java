// SPDX-License-Identifier: GPL-2.0-or-later
public class Velocity extends Engine {
	private final org.apache.velocity.app.VelocityEngine engine = new org.apache.velocity.app.VelocityEngine();

	Velocity() {
		engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
		engine.init();
	}

	Object value(String text) {
		java.io.StringWriter out = new java.io.StringWriter();
		engine.evaluate(new org.apache.velocity.VelocityContext(), out, "t", text);
		return out;
	}

	public static void main(String[] args) throws Exception {
		serve(new Velocity());
	}
}
