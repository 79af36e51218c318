package io.millrace.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The keys of a record of the spec, in the order of its components. */
record Shape(Class<?> type, List<Key> keys) {

  /** A record's shape never changes, and each hash of a part of a spec asks for it. */
  private static final Map<Class<?>, Shape> KNOWN = new ConcurrentHashMap<>();

  private static final Map<Key, Object> DEFAULTS = new ConcurrentHashMap<>();

  /**
   * One key.
   *
   * @param component the component that it binds to
   */
  record Key(String name, RecordComponent component) {

    Type type() {
      return component.getGenericType();
    }

    /** The value of an absent key, as YAML. */
    Optional<String> defaultYaml() {
      return Optional.ofNullable(component.getAnnotation(Default.class)).map(Default::value);
    }

    /** The value of an absent key; empty where there is none. */
    Optional<Object> defaultValue() {
      Object known = DEFAULTS.get(this);
      if (known != null) {
        return Optional.of(known);
      }
      Optional<Object> found = defaultYaml().map(yaml -> Binder.bindDefault(this, yaml));
      found.ifPresent(value -> DEFAULTS.put(this, value));
      return found;
    }

    String doc() {
      return Optional.ofNullable(component.getAnnotation(Doc.class)).map(Doc::value).orElse("");
    }

    Optional<Interval> within() {
      return Optional.ofNullable(component.getAnnotation(Within.class))
          .map(range -> Interval.parse(range.value()));
    }

    boolean isShare() {
      return component.isAnnotationPresent(Share.class);
    }

    boolean isRequired() {
      return defaultYaml().isEmpty() && component.getType() != Optional.class;
    }

    /** The value that a record has for this key. */
    Object of(Object spec) {
      try {
        return component.getAccessor().invoke(spec);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("no access to " + component, e);
      }
    }
  }

  static Shape of(Class<?> record) {
    return KNOWN.computeIfAbsent(record, Shape::read);
  }

  private static Shape read(Class<?> record) {
    return new Shape(
        record,
        Stream.of(record.getRecordComponents())
            .map(component -> new Key(Words.kebab(component.getName()), component))
            .toList());
  }

  List<String> names() {
    return keys.stream().map(Key::name).toList();
  }

  /** The record with these components, in order. */
  Object construct(Object... values) throws InvocationTargetException {
    Class<?>[] types = keys.stream().map(k -> k.component().getType()).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw e;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no constructor of " + type, e);
    }
  }

  /**
   * The records of a sealed interface.
   *
   * @param key the key that chooses, such as {@code kind}
   * @param records the records by the word that chooses them, in the order of the source text
   */
  record Kinds(String key, Map<String, Class<?>> records) {

    static Kinds of(Class<?> sealed) {
      Map<String, Class<?>> records = new LinkedHashMap<>();
      for (Class<?> record : sealed.getPermittedSubclasses()) {
        records.put(record.getAnnotation(Kind.class).value(), record);
      }
      KindKey key = sealed.getAnnotation(KindKey.class);
      return new Kinds(key == null ? "kind" : key.value(), records);
    }

    /** The interface that a record is one kind of, if any. */
    static Optional<Kinds> over(Class<?> record) {
      return Stream.of(record.getInterfaces()).filter(Class::isSealed).findFirst().map(Kinds::of);
    }

    /** The kinds, other than one, that have a key of this name. */
    List<String> having(String name, Class<?> besides) {
      return records.entrySet().stream()
          .filter(e -> e.getValue() != besides && Shape.of(e.getValue()).names().contains(name))
          .map(Map.Entry::getKey)
          .toList();
    }
  }
}
