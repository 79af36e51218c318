package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfFolderTest {

  @TempDir Path conf;

  private Path write(String name, String yaml) {
    return SpecFiles.write(conf, name, yaml);
  }

  private String find(String name) {
    return SpecFiles.message(conf, () -> ConfFolder.find(conf, name)).replace("" + conf, "conf");
  }

  @Test
  void findsByTheNameOfTheFileByThePipelineAndByPath() {
    Path bank = write("bank.yaml", "pipeline: bank\n");
    Path calls = write("calls-of-2014.yml", "pipeline: calls\n");
    write("broken.yaml", "a: [\n");

    assertThat(ConfFolder.find(conf, "bank")).isEqualTo(bank);
    assertThat(ConfFolder.find(conf, "calls")).isEqualTo(calls);
    assertThat(ConfFolder.find(conf, "calls-of-2014")).isEqualTo(calls);
    assertThat(ConfFolder.find(conf, calls.toString())).isEqualTo(calls);
    assertThat(ConfFolder.pipelines(conf).keySet()).containsExactly("bank", "broken", "calls");
  }

  @Test
  void aNameIsFoundWhereverItIsWritten() {
    write("first.yaml", "\uFEFFpipeline: one\nsources: [\n");
    write("later.yaml", "sources: {a: [1, {b: [2]}]}\n'label': *x\npipeline: 'two'\nlabel: &x 1\n");
    write("nested.yaml", "label: {pipeline: nobody}\n");
    write("merged.yaml", "names: &n {pipeline: three}\n<<: *n\n");
    write("alias.yaml", "name: &n four\npipeline: *n\n");
    write("missing.yaml", "pipeline:\n");
    write("list.yaml", "- pipeline: nobody\n");
    write("map.yaml", "pipeline: {of: water}\n");
    write("empty.yaml", "");

    assertThat(ConfFolder.pipelines(conf).keySet())
        .containsExactly(
            "empty", "four", "list", "map", "missing", "nested", "one", "three", "two");
  }

  @Test
  void namesTheNearestAndWhereItLooked() {
    write("bank.yaml", "pipeline: bank\n");

    assertThat(find("bnak"))
        .isEqualTo(
            """
            conf: no pipeline bnak; did you mean bank?
            looked for bnak.yaml and for "pipeline: bnak" in the other YAML files there\
            """);
  }

  @Test
  void listsWhatThereIsWhereNothingIsNear() {
    assertThat(find("churn")).startsWith("conf: no pipeline churn; there are no pipelines\n");
    write("bank.yaml", "pipeline: bank\n");
    assertThat(find("churn")).startsWith("conf: no pipeline churn; known pipelines: bank\n");
    assertThat(find("no/bank.yaml"))
        .isEqualTo("no/bank.yaml: no such file; give a pipeline's name or a YAML file");
  }

  @Test
  void namesBothFilesOfOneName() {
    write("bank.yaml", "pipeline: bank\n");
    write("bank2.yaml", "pipeline: bank\n");
    String message =
        "bank.yaml and bank2.yaml: more than one file for the pipeline bank; rename one, or give"
            + " the path of the file";

    assertThat(find("bank")).isEqualTo(message);
    assertThat(SpecFiles.message(conf, () -> ConfFolder.pipelines(conf))).isEqualTo(message);
  }

  @Test
  void saysThatThereIsNoFolder() {
    Path none = conf.resolve("none");
    assertThat(SpecFiles.message(conf, () -> ConfFolder.find(none, "bank")))
        .isEqualTo("none: no such folder; give it by --conf");
  }

  @Test
  void localHasDefaultsWhereItHasNoFile() {
    EnvSpec env = ConfFolder.env(conf, "local", SpecFiles.NONE);

    assertThat(env)
        .isEqualTo(
            new EnvSpec(
                "lake", Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Map.of()));
  }

  @Test
  void readsAnEnvAndNamesTheNearest() {
    write("env/cloud.yaml", "lake: s3a://x/lake\n");

    assertThat(ConfFolder.env(conf, "cloud", SpecFiles.NONE).lake()).isEqualTo("s3a://x/lake");
    assertThat(SpecFiles.message(conf, () -> ConfFolder.env(conf, "clod", SpecFiles.NONE)))
        .isEqualTo("env/clod.yaml: no such env; did you mean cloud?");
  }
}
