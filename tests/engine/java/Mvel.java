// SPDX-License-Identifier: GPL-2.0-or-later
public class Mvel extends Engine {
	Object value(String text) {
		return org.mvel2.MVEL.eval(text, new java.util.HashMap<String, Object>());
	}

	public static void main(String[] args) throws Exception {
		serve(new Mvel());
	}
}
