package io.millrace.config;

import java.util.Locale;
import java.util.stream.Stream;

/** Names of Java in the spelling of the spec. */
final class Words {

  private Words() {}

  /** {@code learningRate} and {@code MULTI_CLASS} as {@code learning-rate}, {@code multi-class}. */
  static String kebab(String name) {
    if (name.equals(name.toUpperCase(Locale.ROOT))) {
      return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** {@code TIME_SINCE} as {@code time_since}: the spelling of columns. */
  static String snake(String constant) {
    return constant.toLowerCase(Locale.ROOT);
  }

  /** The words of an enum, in the order of its constants. */
  static Stream<String> of(Class<?> enumType) {
    return Stream.of(enumType.getEnumConstants()).map(c -> kebab(((Enum<?>) c).name()));
  }
}
