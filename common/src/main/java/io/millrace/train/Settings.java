package io.millrace.train;

import io.millrace.SpecException;
import io.millrace.config.AlgorithmSpec;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An algorithm's numbers by their keys in the spec, so that a search can replace them. */
final class Settings {

  private Settings() {}

  /**
   * The same algorithm with some of its numbers replaced; whole numbers are rounded.
   *
   * @throws SpecException for a key that isn't a number of this algorithm
   */
  static AlgorithmSpec with(AlgorithmSpec spec, Map<String, Double> settings) {
    RecordComponent[] components = spec.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    Map<String, Double> left = new TreeMap<>(settings);
    List<String> keys = new ArrayList<>();
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        values[i] = components[i].getAccessor().invoke(spec);
        if (isNumber(components[i])) {
          String key = key(components[i].getName());
          keys.add(key);
          values[i] = left.containsKey(key) ? number(components[i], left.remove(key)) : values[i];
        }
      }
      if (!left.isEmpty()) {
        String key = left.keySet().iterator().next();
        throw new SpecException(
            "train.tune.space." + key + ": no number of this algorithm; it has " + keys);
      }
      return (AlgorithmSpec) spec.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("settings of " + spec, e);
    }
  }

  private static boolean isNumber(RecordComponent component) {
    String type = component.getGenericType().getTypeName();
    return component.getType().isPrimitive()
        || type.equals("java.util.Optional<java.lang.Integer>")
        || type.equals("java.util.Optional<java.lang.Double>");
  }

  private static Object number(RecordComponent component, double value) {
    String type = component.getGenericType().getTypeName();
    if (type.equals("int")) {
      return (int) Math.rint(value);
    }
    if (type.equals("double")) {
      return value;
    }
    return type.contains("Integer") ? Optional.of((int) Math.rint(value)) : Optional.of(value);
  }

  /** {@code learningRate} to {@code learning-rate}. */
  private static String key(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
