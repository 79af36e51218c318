package io.millrace.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.DataException;
import io.millrace.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model as two JSON files, {@code encoders.json} and {@code predictor.json}. Equal models give
 * equal bytes on every machine: properties are sorted, and numbers are the shortest digits that
 * read back to the same bits (Raffaello Giulietti's Schubfach, not the JDK's own, which changed in
 * 19).
 */
final class ModelFiles {

  static final String ENCODERS = "encoders.json";
  static final String PREDICTOR = "predictor.json";

  /** Raised when older programs could not read the files any more. */
  private static final int FORMAT = 1;

  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private record EncodersFile(int format, List<Feature> features, List<Encoder> encoders) {}

  private record PredictorFile(int format, Task task, List<String> classes, Predictor predictor) {}

  private ModelFiles() {}

  /** The model's files, bytes by name. */
  static Map<String, byte[]> write(Model model) {
    Encoders encoders = model.encoders();
    Map<String, byte[]> files = new TreeMap<>();
    files.put(
        ENCODERS,
        bytes(new EncodersFile(FORMAT, encoders.schema().features(), encoders.encoders())));
    files.put(
        PREDICTOR,
        bytes(new PredictorFile(FORMAT, model.task(), model.classes(), model.predictor())));
    return files;
  }

  /**
   * The model of two files.
   *
   * @param place the directory, for messages
   */
  static Model read(String place, byte[] encoders, byte[] predictor) {
    try {
      EncodersFile e = JSON.readValue(encoders, EncodersFile.class);
      PredictorFile p = JSON.readValue(predictor, PredictorFile.class);
      checkFormat(place, Math.max(e.format(), p.format()));
      return new Model(
          p.task(),
          p.classes(),
          new Encoders(new FeatureSchema(e.features()), e.encoders()),
          p.predictor());
    } catch (IOException | IllegalArgumentException fault) {
      throw new DataException(
          place + ": is no model that this version can read; train again", fault);
    }
  }

  private static void checkFormat(String place, int format) {
    if (format > FORMAT) {
      throw new DataException(
          "%s: was written by a newer version (format %d, this one reads %d); use that version"
              .formatted(place, format, FORMAT));
    }
  }

  static byte[] bytes(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
