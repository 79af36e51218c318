package io.millrace.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.Hashes;
import io.millrace.Stage;
import io.millrace.config.CanonicalJson;
import io.millrace.config.EraseSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SourceSpec;
import io.millrace.config.SplitSpec;
import io.millrace.label.LabelBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The parts of a spec that each stage uses, and so the parts that its run ids are hashes of. */
final class SpecKeys {

  private static final int VERSION_LENGTH = 12;
  private static final ObjectMapper JSON = new ObjectMapper();

  private SpecKeys() {}

  /**
   * How a source is read. Its place is not part of it: the same bytes in another folder are the
   * same run. The label's columns are, since a made key leaves them out.
   */
  static Map<String, ?> ingest(PipelineSpec spec, String name) {
    SourceSpec source = spec.sources().get(name);
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("source", name);
    keys.put("reading", withoutPath(source));
    if (source.key().isEmpty()) {
      keys.put("label-columns", List.copyOf(new TreeSet<>(labelColumns(spec, name))));
    }
    return keys;
  }

  /** Columns of a source that tell the label. */
  static List<String> labelColumns(PipelineSpec spec, String source) {
    return source.equals(spec.population().source()) ? LabelBuilder.columns(spec) : List.of();
  }

  private static Map<?, ?> withoutPath(SourceSpec source) {
    try {
      Map<?, ?> keys = JSON.readValue(CanonicalJson.of(source), LinkedHashMap.class);
      keys.remove("path");
      return keys;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("canonical JSON isn't JSON", e);
    }
  }

  static Map<String, ?> label(PipelineSpec spec) {
    return Map.of("label", spec.label().orElseThrow(), "entity", spec.entity());
  }

  static Map<String, ?> features(PipelineSpec spec) {
    return Map.of(
        "features", spec.features(),
        "entity", spec.entity(),
        "population", spec.population(),
        "every", spec.every(),
        "slices", List.copyOf(new TreeSet<>(spec.keptColumns().keySet())),
        "label-columns", LabelBuilder.columns(spec),
        "by-file", spec.split() instanceof SplitSpec.ByFile);
  }

  /** One word for the definition of the features; a model only fits features of its own. */
  static String featuresVersion(PipelineSpec spec) {
    String content = Stage.FEATURES.version() + CanonicalJson.of(features(spec));
    return Hashes.sha256Hex(content).substring(0, VERSION_LENGTH);
  }

  /**
   * @param erasures how often persons were erased from what is learned from; the run ids of slices
   *     stay the same by it
   */
  static Map<String, ?> train(PipelineSpec spec, long erasures) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("train", spec.train().orElseThrow());
    keys.put("split", spec.split());
    keys.put("label", spec.label().orElseThrow());
    if (erasures > 0 && spec.erase().models() == EraseSpec.Models.RETRAIN) {
      keys.put("erasures", erasures);
    }
    return keys;
  }

  static Map<String, ?> evaluate(PipelineSpec spec) {
    return Map.of("evaluate", spec.evaluate());
  }

  static Map<String, ?> promote(PipelineSpec spec) {
    return Map.of("promote", spec.promote());
  }

  static Map<String, ?> score(PipelineSpec spec) {
    return Map.of("threshold", spec.evaluate().threshold());
  }
}
