package io.millrace.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.UncheckedIOException;

/** Defaults of keys as JSON. */
final class Defaults {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Defaults() {}

  /** The default of a key that has one, as JSON. */
  static JsonNode json(Shape.Key key) {
    String yaml = key.defaultYaml().orElseThrow();
    try {
      return key.type() == String.class
          ? YAML.getNodeFactory().textNode((String) key.defaultValue().orElseThrow())
          : YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
