package io.millrace.config;

import io.millrace.Nearest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A {@link Tree} to records, by reflection over their components. Collects every fault; a part that
 * has one is null, and so is what holds it. Each record that could be made is handed to the check
 * of its own kind, so that its faults come up even where another part is broken.
 */
final class Binder {

  private final Faults faults;
  private final RecordChecks checks;

  private Binder(Faults faults, RecordChecks checks) {
    this.faults = faults;
    this.checks = checks;
  }

  /** The record of this type, or empty where faults were added. */
  static <T> Optional<T> bind(Class<T> type, Tree tree, Faults faults) {
    Object bound =
        new Binder(faults, new RecordChecks(faults)).value(type, tree, KeyPath.ROOT, ANY);
    return Optional.ofNullable(bound).map(type::cast);
  }

  /** The value of an absent key. A default that doesn't bind is a bug. */
  static Object bindDefault(Shape.Key key, String yaml) {
    Faults faults = new Faults("@Default of " + key.name());
    Tree written = YamlParser.parse(yaml, "@Default", faults).orElseThrow();
    Tree tree = key.isShare() ? ScalarBinder.share(written) : written;
    Binder binder = new Binder(faults, new RecordChecks(faults));
    Object value = binder.value(key.type(), tree, KeyPath.of(key.name()), key.within());
    faults.stop();
    return value;
  }

  private static final Optional<Interval> ANY = Optional.empty();

  private Object value(Type type, Tree tree, KeyPath path, Optional<Interval> within) {
    if (tree instanceof Tree.Text text && text.isMissing()) {
      faults.add(path, "no value; write one or take the key away");
      return null;
    }
    if (type instanceof ParameterizedType generic) {
      return container(generic, tree, path, within);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isSealed()) {
      return kind(Shape.Kinds.of(plain), tree, path);
    }
    return plain.isRecord()
        ? record(Shape.of(plain), tree, path)
        : new ScalarBinder(faults).scalar(plain, tree, path, within);
  }

  private Object container(
      ParameterizedType type, Tree tree, KeyPath path, Optional<Interval> within) {
    Type[] arguments = type.getActualTypeArguments();
    Type element = arguments[arguments.length - 1];
    if (type.getRawType() == Optional.class) {
      return Optional.ofNullable(value(element, tree, path, within));
    }
    return type.getRawType() == List.class
        ? list(element, tree, path, within)
        : map(element, tree, path, within);
  }

  private Object list(Type element, Tree tree, KeyPath path, Optional<Interval> within) {
    if (!(tree instanceof Tree.Items list)) {
      String mend = tree instanceof Tree.Text text ? "; write [" + text.shown() + "]" : "";
      return wrong(path, "a list", tree, mend);
    }
    List<Object> values = new ArrayList<>();
    for (Tree item : list.items()) {
      values.add(value(element, item, path.then(values.size()), within));
    }
    return values.contains(null) ? null : values;
  }

  private Object map(Type element, Tree tree, KeyPath path, Optional<Interval> within) {
    if (!(tree instanceof Tree.Fields map)) {
      return wrong(path, "a map", tree, "");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.fields().forEach((k, v) -> values.put(k, value(element, v, path.then(k), within)));
    return values.containsValue(null) ? null : values;
  }

  private Object wrong(KeyPath path, String expected, Tree found, String mend) {
    faults.add(path, "expected " + expected + ", found " + found.found() + mend);
    return null;
  }

  private Object kind(Shape.Kinds kinds, Tree tree, KeyPath path) {
    List<String> words = List.copyOf(kinds.records().keySet());
    String choice = kinds.key() + ": one of " + String.join(", ", words);
    if (!(tree instanceof Tree.Fields map)) {
      return wrong(path, "a map", tree, "; it starts with " + choice);
    }
    Tree word = map.fields().get(kinds.key());
    KeyPath at = path.then(kinds.key());
    if (word == null) {
      faults.add(at, "missing; add " + choice);
      return null;
    }
    if (!(word instanceof Tree.Text text)) {
      return wrong(at, "one of " + String.join(", ", words), word, "");
    }
    Class<?> record = kinds.records().get(text.value());
    if (record == null) {
      String fault = "unknown " + kinds.key() + " " + text.found() + "; ";
      faults.add(at, fault + Nearest.mend(text.value(), words, kinds.key() + "s"));
      return null;
    }
    return record(Shape.of(record), tree, path);
  }

  private Object record(Shape shape, Tree tree, KeyPath path) {
    if (!(tree instanceof Tree.Fields map)) {
      return wrong(path, "a map", tree, " with the keys " + String.join(", ", shape.names()));
    }
    Set<String> meant = new UnknownKeys(faults).report(shape, map, path);
    Object[] values = new Object[shape.keys().size()];
    boolean whole = meant.isEmpty();
    for (int i = 0; i < values.length; i++) {
      Shape.Key key = shape.keys().get(i);
      Tree value = map.fields().get(key.name());
      values[i] = value == null ? absent(key, path, meant) : present(key, value, path);
      whole &= values[i] != null;
    }
    return whole ? construct(shape, values, path) : null;
  }

  /** A present but broken optional value is a fault of its record as any other. */
  private Object present(Shape.Key key, Tree written, KeyPath path) {
    Tree value = key.isShare() ? ScalarBinder.share(written) : written;
    Object bound = value(key.type(), value, path.then(key.name()), key.within());
    return bound instanceof Optional<?> optional && optional.isEmpty() ? null : bound;
  }

  private Object absent(Shape.Key key, KeyPath path, Set<String> meant) {
    if (!key.isRequired()) {
      return key.defaultValue().orElse(Optional.empty());
    }
    if (!meant.contains(key.name())) {
      String doc = Character.toLowerCase(key.doc().charAt(0)) + key.doc().substring(1);
      faults.add(path.then(key.name()), "missing; add it: " + doc.replaceFirst("[.:].*", ""));
    }
    return null;
  }

  private Object construct(Shape shape, Object[] values, KeyPath path) {
    try {
      Object bound = shape.construct(values);
      checks.check(bound, path);
      return bound;
    } catch (InvocationTargetException e) {
      faults.add(path, String.valueOf(e.getCause().getMessage()));
      return null;
    }
  }

  /** Keys that a record doesn't have. */
  private record UnknownKeys(Faults faults) {

    /** Adds a fault for each, and says which known keys they were meant to be. */
    Set<String> report(Shape shape, Tree.Fields map, KeyPath path) {
      List<String> known = new ArrayList<>(shape.names());
      Optional<Shape.Kinds> kinds = Shape.Kinds.over(shape.type());
      kinds.ifPresent(k -> known.add(0, k.key()));
      Set<String> meant = new HashSet<>();
      for (String key : map.fields().keySet()) {
        if (!known.contains(key)) {
          meant.add(Nearest.of(key, known).orElse(key));
          List<String> owners = kinds.map(k -> k.having(key, shape.type())).orElse(List.of());
          faults.add(path.then(key), fault(key, known, owners, shape));
        }
      }
      return meant;
    }

    private static String fault(String key, List<String> known, List<String> owners, Shape shape) {
      if (owners.isEmpty()) {
        return "unknown key; " + Nearest.mend(key, known, "keys");
      }
      String kind = shape.type().getAnnotation(Kind.class).value();
      String others = String.join(", ", owners);
      return "a key of " + others + ", not of " + kind + "; take it away or choose " + others;
    }
  }
}
