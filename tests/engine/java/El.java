// SPDX-License-Identifier: GPL-2.0-or-later
public class El extends Engine {
	Object value(String text) {
		Object v = new javax.el.ELProcessor().eval(text);
		return v == null ? "null" : v;
	}

	public static void main(String[] args) throws Exception {
		serve(new El());
	}
}
