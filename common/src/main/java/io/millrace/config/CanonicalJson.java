package io.millrace.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One text for each meaning of a spec or a part of it, of which run ids are hashes. Keys are sorted
 * and in kebab-case, numbers are as RFC 8785 writes them, and nothing stands between tokens.
 *
 * <p>Absent keys and keys that equal their default are left out, so that a key which a later build
 * adds changes no id. The other side of that: who changes a default must raise the version of the
 * stages that use it.
 */
public final class CanonicalJson {

  private final StringBuilder out = new StringBuilder();

  private CanonicalJson() {}

  /**
   * The JSON of a record of the spec, or of a map, list, text, number, truth value, enum constant,
   * date or Optional.
   *
   * @throws IllegalArgumentException for any other type, NaN and infinities
   */
  public static String of(Object value) {
    CanonicalJson json = new CanonicalJson();
    json.value(value);
    return json.out.toString();
  }

  private void value(Object value) {
    if (value instanceof Optional<?> optional) {
      value(optional.orElse(null));
    } else if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Number number) {
      out.append(number(number));
    } else if (value instanceof Enum<?> constant) {
      out.append(quote(Words.kebab(constant.name())));
    } else if (value instanceof CharSequence || isTime(value)) {
      out.append(quote(value.toString()));
    } else if (value instanceof List<?> list) {
      list(list);
    } else if (value instanceof Map<?, ?> map) {
      object(sorted(map));
    } else if (value instanceof Record record) {
      object(fields(record));
    } else {
      throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private static boolean isTime(Object value) {
    return value instanceof java.time.temporal.Temporal || value instanceof java.time.Duration;
  }

  private static String number(Number number) {
    boolean whole =
        number instanceof Long
            || number instanceof Integer
            || number instanceof Short
            || number instanceof Byte;
    return whole ? number.toString() : Numbers.text(number.doubleValue());
  }

  private void list(List<?> list) {
    String separator = "[";
    for (Object item : list) {
      out.append(separator);
      value(item);
      separator = ",";
    }
    out.append(list.isEmpty() ? "[]" : "]");
  }

  private void object(Map<String, Object> fields) {
    String separator = "{";
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      out.append(separator).append(quote(field.getKey())).append(':');
      value(field.getValue());
      separator = ",";
    }
    out.append(fields.isEmpty() ? "{}" : "}");
  }

  private static Map<String, Object> sorted(Map<?, ?> map) {
    Map<String, Object> sorted = new TreeMap<>();
    map.forEach(
        (key, value) -> {
          if (!Optional.empty().equals(value)) {
            sorted.put(
                key instanceof Enum<?> word ? Words.kebab(word.name()) : key.toString(), value);
          }
        });
    return sorted;
  }

  private static Map<String, Object> fields(Record record) {
    Map<String, Object> fields = new TreeMap<>();
    Shape.Kinds.over(record.getClass())
        .ifPresent(
            kinds -> fields.put(kinds.key(), record.getClass().getAnnotation(Kind.class).value()));
    for (Shape.Key key : Shape.of(record.getClass()).keys()) {
      Object value = key.of(record);
      if (!Optional.empty().equals(value) && !key.defaultValue().equals(Optional.of(value))) {
        fields.put(key.name(), value);
      }
    }
    return fields;
  }

  /** A JSON text with the escapes of RFC 8785, section 3.2.2.2. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int escape = "\"\\\b\f\n\r\t".indexOf(c);
      if (escape >= 0) {
        quoted.append('\\').append("\"\\bfnrt".charAt(escape));
      } else if (c < 0x20) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
