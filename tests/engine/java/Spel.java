// SPDX-License-Identifier: GPL-2.0-or-later
public class Spel extends Engine {
	private final org.springframework.expression.spel.standard.SpelExpressionParser parser = new org.springframework.expression.spel.standard.SpelExpressionParser();

	Object value(String text) {
		return parser.parseExpression(text).getValue(new org.springframework.expression.spel.support.StandardEvaluationContext());
	}

	public static void main(String[] args) throws Exception {
		serve(new Spel());
	}
}
