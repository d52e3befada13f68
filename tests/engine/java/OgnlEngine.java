// SPDX-License-Identifier: GPL-2.0-or-later
public class OgnlEngine extends Engine {
	Object value(String text) throws Exception {
		return ognl.Ognl.getValue(ognl.Ognl.parseExpression(text), new java.util.HashMap<Object, Object>(), (Object) null);
	}

	public static void main(String[] args) throws Exception {
		serve(new OgnlEngine());
	}
}
