package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every record that a person can write is documented, and every default binds. */
class SpecRecordsTest {

  static Stream<Class<?>> records() {
    Set<Class<?>> found = new LinkedHashSet<>();
    collect(PipelineSpec.class, found);
    collect(EnvSpec.class, found);
    return found.stream();
  }

  private static void collect(Type type, Set<Class<?>> found) {
    if (type instanceof ParameterizedType generic) {
      Stream.of(generic.getActualTypeArguments()).forEach(t -> collect(t, found));
    } else if (type instanceof Class<?> sealed && sealed.isSealed()) {
      Stream.of(sealed.getPermittedSubclasses()).forEach(t -> collect(t, found));
    } else if (type instanceof Class<?> record && record.isRecord() && found.add(record)) {
      Shape.of(record).keys().forEach(key -> collect(key.type(), found));
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void isDocumented(Class<?> record) {
    assertThat(record.getAnnotation(Doc.class)).as("@Doc of %s", record).isNotNull();
    for (Shape.Key key : Shape.of(record).keys()) {
      assertThat(key.doc()).as("@Doc of %s.%s", record, key.name()).isNotBlank().endsWith(".");
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void hasDefaultsThatBindWhereTheyMay(Class<?> record) {
    for (Shape.Key key : Shape.of(record).keys()) {
      boolean optional = key.component().getType() == Optional.class;
      if (optional) {
        assertThat(key.defaultYaml()).as("@Default of optional %s", key.name()).isEmpty();
      } else if (!key.isRequired()) {
        assertThat(key.defaultValue()).as("@Default of %s", key.name()).isPresent();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void hasMapsOfAFixedOrder(Class<?> record) throws Exception {
    for (Shape.Key key : Shape.of(record).keys()) {
      if (key.component().getType() == Map.class && !key.isRequired()) {
        Object[] values = Shape.of(record).keys().stream().map(k -> sample(k, key)).toArray();
        Object spec = Shape.of(record).construct(values);
        assertThat(((Map<?, ?>) key.of(spec)).keySet().toString())
            .as("%s of %s", key.name(), record)
            .isEqualTo("[a, b, c, d]");
      }
    }
  }

  private static Object sample(Shape.Key key, Shape.Key filled) {
    if (key.name().equals(filled.name())) {
      return Map.of("d", 1, "b", 2, "a", 3, "c", 4);
    }
    if (key.component().getType() == Map.class) {
      return Map.of();
    }
    boolean optional = key.component().getType() == Optional.class;
    return optional ? Optional.empty() : key.defaultValue().orElse(null);
  }
}
