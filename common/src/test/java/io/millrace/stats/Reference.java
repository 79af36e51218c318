package io.millrace.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;

/** The figures of {@code reference.json}, which {@code reference.py} beside it made. */
final class Reference {

  private Reference() {}

  static JsonNode figures(String part) {
    try (var json = Reference.class.getResourceAsStream("reference.json")) {
      return new ObjectMapper().readTree(json).required(part);
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
  }

  static double[] doubles(JsonNode array) {
    return IntStream.range(0, array.size()).mapToDouble(i -> array.get(i).asDouble()).toArray();
  }

  static long[] longs(JsonNode array) {
    return IntStream.range(0, array.size()).mapToLong(i -> array.get(i).asLong()).toArray();
  }
}
