package io.millrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.DataException;
import io.millrace.Hashes;
import io.millrace.Task;
import io.millrace.config.FeaturesSpec.FeatureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {

  @TempDir Path folder;

  private static ModelStore.Artefact artefact() {
    JsonNode manifest = new ObjectMapper().createObjectNode().put("seed", 7).put("code", "0.1.0");
    return new ModelStore.Artefact(manifest, model(), Optional.of(baseline()));
  }

  private static Encoders encoders() {
    Levels levels = Levels.of(List.of("red", "", "ünï", "a\"b"));
    return new Encoders(
        new FeatureSchema(
            List.of(
                new Feature("age", FeatureKind.NUMERIC),
                new Feature("income", FeatureKind.NUMERIC),
                new Feature("colour", FeatureKind.CATEGORY),
                new Feature("code", FeatureKind.CATEGORY),
                new Feature("share", FeatureKind.CATEGORY),
                new Feature("mean", FeatureKind.CATEGORY),
                new Feature("member", FeatureKind.BOOLEAN),
                new Feature("void", FeatureKind.NUMERIC))),
        List.of(
            Encoder.Numeric.AS_IS,
            new Encoder.Numeric(0.1, -5e-324, 1e300, 1.0 / 3, 2.5),
            new Encoder.OneHot(levels),
            new Encoder.Ordinal(levels),
            new Encoder.Frequency(levels, Numbers.of(0.1, 0.2, 0.3, 1.0 / 7), 0.05),
            new Encoder.Target(levels, Numbers.of(1, -2, 1e-12, 2e10), 0.25, 0.5),
            new Encoder.Flag(Double.NaN),
            new Encoder.Dropped("constant")));
  }

  private static Model model() {
    TreeNode tree =
        new TreeNode.Split(
            0,
            0.1f,
            true,
            new TreeNode.SetSplit(7, Set.of(0, 3, 100), false, leaf(0.25f), leaf(Float.MIN_VALUE)),
            new TreeNode.Split(1, Float.POSITIVE_INFINITY, false, leaf(1), leaf(-3.3333333f)));
    Forest forest = Forest.of(List.of(tree, leaf(2)), List.of(0, 0), 1);
    return new Model(
        Task.BINARY,
        List.of("no", "yes"),
        encoders(),
        new Predictor.Trees(forest, Numbers.of(-0.5), Link.LOGISTIC, 11));
  }

  private static TreeNode leaf(float value) {
    return new TreeNode.Leaf(Numbers.of(value));
  }

  private static Model baseline() {
    double[] weights = new double[11];
    weights[3] = 1e-300;
    Predictor linear = new Predictor.Linear(Numbers.of(weights), Numbers.of(0.1), Link.LOGISTIC);
    return new Model(Task.BINARY, List.of("no", "yes"), encoders(), linear);
  }

  @Test
  void loadsWhatWasSaved() {
    ModelDirectory directory = ModelDirectory.of(folder);
    Map<String, String> sha256s = ModelStore.save(directory, artefact());
    assertThat(sha256s.keySet())
        .containsExactly(
            "baseline/encoders.json",
            "baseline/predictor.json",
            "encoders.json",
            "manifest.json",
            "predictor.json");
    assertThat(ModelStore.load(directory, sha256s)).isEqualTo(artefact());
  }

  @Test
  void savesEqualModelsAsEqualBytes() throws IOException {
    Map<String, String> first = ModelStore.save(ModelDirectory.of(folder.resolve("a")), artefact());
    ModelStore.Artefact loaded = ModelStore.load(ModelDirectory.of(folder.resolve("a")), first);
    assertThat(ModelStore.save(ModelDirectory.of(folder.resolve("b")), loaded)).isEqualTo(first);
    assertThat(folder.resolve("a/predictor.json"))
        .hasSameBinaryContentAs(folder.resolve("b/predictor.json"));
  }

  @Test
  void refusesAChangedFile() throws IOException {
    ModelDirectory directory = ModelDirectory.of(folder);
    Map<String, String> sha256s = ModelStore.save(directory, artefact());
    Path predictor = folder.resolve("predictor.json");
    String changed = Files.readString(predictor).replace("0.25", "0.26");
    Files.writeString(predictor, changed);
    assertThatThrownBy(() -> ModelStore.load(directory, sha256s))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "%s: has been changed since it was saved (SHA-256 %s, was %s); restore it or train"
                + " again",
            predictor,
            Hashes.sha256Hex(changed.getBytes(StandardCharsets.UTF_8)).substring(0, 12),
            sha256s.get("predictor.json").substring(0, 12));
  }

  @Test
  void refusesAMissingFile() throws IOException {
    ModelDirectory directory = ModelDirectory.of(folder);
    Map<String, String> sha256s = ModelStore.save(directory, artefact());
    Files.delete(folder.resolve("baseline/encoders.json"));
    assertThatThrownBy(() -> ModelStore.load(directory, sha256s))
        .isInstanceOf(DataException.class)
        .hasMessage(
            folder.resolve("baseline/encoders.json") + ": is gone; restore it or train again");
  }

  @Test
  void refusesAFormatOfANewerVersion() throws IOException {
    ModelDirectory directory = ModelDirectory.of(folder);
    Map<String, String> sha256s = new HashMap<>(ModelStore.save(directory, artefact()));
    Path file = folder.resolve("encoders.json");
    String newer = Files.readString(file).replace("\"format\":1", "\"format\":2");
    Files.writeString(file, newer);
    sha256s.put("encoders.json", Hashes.sha256Hex(newer.getBytes(StandardCharsets.UTF_8)));
    assertThatThrownBy(() -> ModelStore.load(directory, sha256s))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "was written by a newer version (format 2, this one reads 1); use that version");
  }
}
