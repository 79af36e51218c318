package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariablesTest {

  private static final String YAML = SpecFiles.bank("path: data/*.csv", "path: ${root-dir}/*.csv");

  @TempDir Path folder;

  private String path(Variables variables, Map<String, String> overrides) {
    Path file = SpecFiles.write(folder, "bank.yaml", YAML);
    return SpecReader.pipeline(file, variables, overrides).sources().get("clients").path();
  }

  private String faults(String yaml, Variables variables) {
    Path file = SpecFiles.write(folder, "bank.yaml", yaml);
    return SpecFiles.message(folder, () -> SpecReader.pipeline(file, variables, Map.of()));
  }

  @Test
  void theFirstPlaceThatHasTheNameWins() {
    Map<String, String> exact = Map.of("root-dir", "exact", "ROOT_DIR", "upper");
    Map<String, String> upper = Map.of("ROOT_DIR", "upper");
    Map<String, String> file = Map.of("root-dir", "file");
    Map<String, String> set = Map.of("root-dir", "set");

    assertThat(path(new Variables(set, exact, file), Map.of())).isEqualTo("set/*.csv");
    assertThat(path(new Variables(Map.of(), exact, file), Map.of())).isEqualTo("exact/*.csv");
    assertThat(path(new Variables(Map.of(), upper, file), Map.of())).isEqualTo("file/*.csv");
    assertThat(path(new Variables(Map.of(), upper, Map.of()), Map.of())).isEqualTo("upper/*.csv");
  }

  @Test
  void anOverrideThatIsNoKeyIsAVariable() {
    assertThat(path(SpecFiles.NONE, Map.of("root-dir", "here"))).isEqualTo("here/*.csv");
  }

  @Test
  void aVariableOfTheEnvFileMayHoldAnother() {
    Variables variables =
        new Variables(Map.of(), Map.of("LAKE", "s3a://x"), Map.of("root-dir", "${LAKE}/raw"));

    assertThat(path(variables, Map.of())).isEqualTo("s3a://x/raw/*.csv");
  }

  @Test
  void twoDollarsStandForOne() {
    String yaml = SpecFiles.bank("pipeline: bank", "pipeline: bank\ndescription: costs $${x}");

    assertThat(SpecFiles.read(folder, yaml).description()).contains("costs ${x}");
  }

  @Test
  void namesTheVariableWithoutAValue() {
    assertThat(faults(YAML, SpecFiles.NONE))
        .isEqualTo(
            "bank.yaml: sources.clients.path: ${root-dir} has no value; give --set root-dir=…, or"
                + " add it to variables in conf/env/<env>.yaml or to the environment");
    assertThat(faults(YAML, new Variables(Map.of(), Map.of(), Map.of("rootdir", "x"))))
        .isEqualTo(
            "bank.yaml: sources.clients.path: ${root-dir} has no value; did you mean ${rootdir}?");
  }

  @Test
  void namesAVariableThatIsMadeOfItself() {
    Variables variables =
        new Variables(Map.of(), Map.of(), Map.of("root-dir", "${b}", "b", "${root-dir}"));

    assertThat(faults(YAML, variables))
        .isEqualTo(
            "bank.yaml: sources.clients.path: ${root-dir} is made of itself; give it a value of"
                + " its own");
  }

  @Test
  void namesWhatIsNoVariable() {
    assertThat(faults(SpecFiles.bank("data/*.csv", "${a b}/x"), SpecFiles.NONE))
        .isEqualTo(
            "bank.yaml: sources.clients.path: ${a b} is no variable; write $${a b} for the text"
                + " itself");
    assertThat(faults(SpecFiles.bank("data/*.csv", "\"${data/x\""), SpecFiles.NONE))
        .isEqualTo(
            "bank.yaml: sources.clients.path: a ${ without its }; close it, or write $${ for the"
                + " characters themselves");
  }

  @Test
  void masksWhatCameFromTheEnvironmentAndNothingElse() {
    String yaml =
        SpecFiles.bank("data/*.csv", "${root}/${token}/x") + "description: \"owner ${who}: ok\"\n";
    Path file = SpecFiles.write(folder, "bank.yaml", yaml);
    Variables variables =
        new Variables(
            Map.of("who", "us"),
            Map.of("TOKEN", "hush", "KEY", "shh"),
            Map.of("root", "s3a://${KEY}@lake"));

    String text = SpecText.masked(file, variables, Map.of("train.algorithm.rounds", "50"));

    assertThat(text)
        .contains("    path: \"s3a://***@lake/***/x\"\n")
        .contains("description: \"owner us: ok\"\n")
        .contains("  positive: yes\n")
        .contains("    rounds: 50\n")
        .doesNotContain("hush")
        .doesNotContain("shh");
  }

  @Test
  void theMaskedTextReadsAsTheSameSpec() {
    Path file = SpecFiles.write(folder, "bank.yaml", SpecFiles.BANK);
    String text = SpecText.masked(file, SpecFiles.NONE, Map.of("description", "- a: 'b' #c"));

    PipelineSpec again = SpecFiles.read(folder, text);

    assertThat(again)
        .isEqualTo(SpecFiles.read(folder, SpecFiles.BANK, Map.of("description", "- a: 'b' #c")));
  }

  @Test
  void aFaultShowsNoSecret() {
    String yaml = SpecFiles.bank("rounds: 10", "rounds: ${PASSWORD}");

    assertThat(faults(yaml, Variables.of(Map.of(), Map.of("PASSWORD", "hush"))))
        .isEqualTo("bank.yaml: train.algorithm.rounds: expected a whole number, found \"***\"");
  }

  @Test
  void anEnvFileKeepsItsVariablesAsWritten() {
    Path file =
        SpecFiles.write(
            folder, "cloud.yaml", "lake: ${bucket}/lake\nvariables: {token: '${TOKEN}'}\n");

    EnvSpec env = SpecReader.env(file, Variables.of(Map.of("bucket", "s3a://b"), Map.of()));

    assertThat(env.lake()).isEqualTo("s3a://b/lake");
    assertThat(env.variables()).isEqualTo(Map.of("token", "${TOKEN}"));
    assertThat(SpecFiles.NONE.with(env).file()).isEqualTo(env.variables());
  }
}
