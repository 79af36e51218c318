package io.millrace.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The reference of the spec, {@code docs/spec.md}, made from the records. */
public final class SpecReference {

  private final StringBuilder out = new StringBuilder();
  private final Deque<Class<?>> waiting = new ArrayDeque<>();
  private final Set<Class<?>> seen = new LinkedHashSet<>();

  private SpecReference() {}

  /** The example that stands at the top: a whole pipeline. */
  public static String example() {
    return resource("example.yaml");
  }

  /** The text of {@code docs/spec.md}. */
  public static String markdown() {
    SpecReference reference = new SpecReference();
    reference.out.append(resource("reference.md").replace("@example@", example().stripTrailing()));
    reference.chapter("A pipeline: `conf/<name>.yaml`", PipelineSpec.class);
    reference.chapter("A place to run: `conf/env/<name>.yaml`", EnvSpec.class);
    return reference.out.toString();
  }

  private static String resource(String name) {
    try (InputStream in = SpecReference.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void chapter(String title, Class<?> root) {
    out.append("\n## ").append(title).append("\n\n").append(SpecSchema.doc(root)).append('\n');
    seen.add(root);
    table(root);
    while (!waiting.isEmpty()) {
      Class<?> type = waiting.poll();
      out.append("\n### ").append(title(type)).append("\n\n");
      out.append(SpecSchema.doc(type)).append('\n');
      if (type.isSealed()) {
        kinds(Shape.Kinds.of(type));
      } else {
        table(type);
      }
    }
  }

  private void kinds(Shape.Kinds kinds) {
    for (Map.Entry<String, Class<?>> kind : kinds.records().entrySet()) {
      out.append("\n#### `").append(kinds.key()).append(": ").append(kind.getKey());
      out.append("`\n\n").append(SpecSchema.doc(kind.getValue())).append('\n');
      table(kind.getValue());
    }
  }

  private void table(Class<?> record) {
    List<Shape.Key> keys = Shape.of(record).keys();
    if (keys.isEmpty()) {
      out.append("\nIt has no other keys.\n");
      return;
    }
    out.append("\n| key | type | default | meaning |\n|---|---|---|---|\n");
    for (Shape.Key key : keys) {
      String limits = key.within().map(i -> ", " + i.words()).orElse("");
      out.append("| `").append(key.name()).append("` | ");
      out.append(type(key.type())).append(limits).append(" | ");
      out.append(byDefault(key)).append(" | ");
      out.append(key.doc().replace("|", "\\|")).append(" |\n");
    }
  }

  private static String byDefault(Shape.Key key) {
    if (key.isRequired()) {
      return "**required**";
    }
    return key.defaultYaml().map(yaml -> "`" + yaml.replace("|", "\\|") + "`").orElse("absent");
  }

  private String type(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      String element = type(arguments[arguments.length - 1]);
      if (generic.getRawType() == Optional.class) {
        return element;
      }
      return (generic.getRawType() == List.class ? "list of " : "map of names to ") + element;
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord() || plain.isSealed()) {
      if (seen.add(plain)) {
        waiting.add(plain);
      }
      String title = title(plain);
      return "[" + title + "](#" + title.replace(' ', '-') + ")";
    }
    return scalar(plain);
  }

  private static String scalar(Class<?> type) {
    if (type.isEnum()) {
      return "`" + String.join("`, `", Words.of(type).toList()) + "`";
    }
    if (type == String.class) {
      return "text";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "`true`, `false`";
    }
    if (type == Duration.class) {
      return "span of time";
    }
    if (type == LocalDate.class) {
      return "date";
    }
    return type == double.class || type == Double.class ? "number" : "whole number";
  }

  /** {@code features}, {@code schema change}: the words of the record without "spec". */
  private static String title(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    String own = Words.kebab(type.getSimpleName()).replaceFirst("-spec$", "").replace('-', ' ');
    boolean vague = own.equals("range") || own.equals("value") || own.equals("slice");
    return vague && outer != null ? title(outer) + " " + own : own;
  }
}
