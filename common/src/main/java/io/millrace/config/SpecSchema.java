package io.millrace.config;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON Schema (draft 2020-12) of a pipeline's file, made from the records: completion, help and
 * checks in editors. The schema of an env file is its {@code $defs/env-spec}.
 */
public final class SpecSchema {

  private static final String VARIABLE = "\\$\\{[^}]*\\}";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode definitions = JSON.createObjectNode();
  private final Set<Class<?>> done = new LinkedHashSet<>();

  private SpecSchema() {}

  /** The text of {@code conf/schema.json}. */
  public static String json() {
    SpecSchema schema = new SpecSchema();
    ObjectNode root = JSON.createObjectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", "Millrace pipeline");
    root.setAll(schema.reference(PipelineSpec.class));
    schema.reference(EnvSpec.class);
    schema.scalars();
    root.set("$defs", schema.definitions);
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    try {
      return JSON.writer(printer).writeValueAsString(root) + "\n";
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Scalars that YAML would type otherwise, or that a variable may stand for. */
  private void scalars() {
    definitions
        .putObject("variable")
        .put("description", "A text with a variable in it.")
        .put("type", "string")
        .put("pattern", VARIABLE);
    ObjectNode text = definitions.putObject("text");
    text.putArray("type").add("string").add("number").add("boolean").add("null");
  }

  private ObjectNode reference(Class<?> type) {
    String name = name(type);
    if (done.add(type)) {
      ObjectNode definition = definitions.putObject(name);
      definition.put("description", doc(type));
      definition.setAll(type.isSealed() ? kinds(Shape.Kinds.of(type)) : record(type));
    }
    return JSON.createObjectNode().put("$ref", "#/$defs/" + name);
  }

  private static String name(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return (outer == null ? "" : Words.kebab(outer.getSimpleName()) + ".")
        + Words.kebab(type.getSimpleName());
  }

  static String doc(Class<?> type) {
    return Optional.ofNullable(type.getAnnotation(Doc.class)).map(Doc::value).orElse("");
  }

  private ObjectNode kinds(Shape.Kinds kinds) {
    ObjectNode schema = JSON.createObjectNode();
    ArrayNode choices = schema.putArray("oneOf");
    kinds.records().values().forEach(record -> choices.add(reference(record)));
    return schema;
  }

  private ObjectNode record(Class<?> type) {
    ObjectNode schema = JSON.createObjectNode();
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    ObjectNode properties = JSON.createObjectNode();
    ArrayNode required = JSON.createArrayNode();
    Shape.Kinds.over(type)
        .ifPresent(
            kinds -> {
              properties
                  .putObject(kinds.key())
                  .put("const", type.getAnnotation(Kind.class).value())
                  .put("description", doc(type));
              required.add(kinds.key());
            });
    for (Shape.Key key : Shape.of(type).keys()) {
      properties.set(key.name(), property(key));
      if (key.isRequired()) {
        required.add(key.name());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    schema.set("properties", properties);
    return schema;
  }

  private ObjectNode property(Shape.Key key) {
    ObjectNode schema = JSON.createObjectNode();
    schema.put("description", key.doc());
    key.defaultYaml().ifPresent(yaml -> schema.set("default", Defaults.json(key)));
    schema.setAll(value(key.type(), key.within()));
    if (key.isShare()) {
      ObjectNode percent = ((ArrayNode) schema.get("anyOf")).addObject().put("type", "string");
      percent.put("pattern", "^[0-9.]+%$");
    }
    return schema;
  }

  private ObjectNode value(Type type, Optional<Interval> within) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      ObjectNode element = value(arguments[arguments.length - 1], within);
      if (generic.getRawType() == Optional.class) {
        return element;
      }
      ObjectNode schema = JSON.createObjectNode();
      boolean list = generic.getRawType() == List.class;
      schema.put("type", list ? "array" : "object");
      schema.set(list ? "items" : "additionalProperties", element);
      return schema;
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord() || plain.isSealed()) {
      return reference(plain);
    }
    if (plain == Duration.class) {
      ObjectNode span = JSON.createObjectNode().put("type", "string");
      return orVariable(span.put("pattern", "^" + Spans.PATTERN + "$"));
    }
    if (plain == LocalDate.class) {
      return orVariable(JSON.createObjectNode().put("type", "string").put("format", "date"));
    }
    return plain == String.class
        ? JSON.createObjectNode().put("$ref", "#/$defs/text")
        : orVariable(scalar(plain, within));
  }

  private static ObjectNode orVariable(ObjectNode scalar) {
    ObjectNode schema = JSON.createObjectNode();
    ArrayNode choices = schema.putArray("anyOf").add(scalar);
    choices.addObject().put("$ref", "#/$defs/variable");
    return schema;
  }

  private static ObjectNode scalar(Class<?> type, Optional<Interval> within) {
    ObjectNode schema = JSON.createObjectNode();
    if (type.isEnum()) {
      ArrayNode words = schema.putArray("enum");
      Words.of(type).forEach(words::add);
      return schema;
    }
    boolean truth = type == boolean.class || type == Boolean.class;
    boolean real = type == double.class || type == Double.class;
    schema.put("type", truth ? "boolean" : real ? "number" : "integer");
    within.ifPresent(interval -> limits(interval, schema));
    return schema;
  }

  private static void limits(Interval interval, ObjectNode schema) {
    interval
        .low()
        .ifPresent(x -> schema.put(interval.lowOpen() ? "exclusiveMinimum" : "minimum", number(x)));
    interval
        .high()
        .ifPresent(
            x -> schema.put(interval.highOpen() ? "exclusiveMaximum" : "maximum", number(x)));
  }

  private static java.math.BigDecimal number(double x) {
    return new java.math.BigDecimal(Numbers.text(x));
  }
}
