package io.millrace.jobs.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import io.millrace.UnavailableException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A credential is sent or refused, and never told. */
class CredentialsTest {

  private static final String FAULT =
      ": holds a character that no header of HTTP can carry, such as a line break within; set it"
          + " anew from where it came";

  @ParameterizedTest
  @ValueSource(strings = {"hush\nhush", "hush\r\nX: y", "hush\u0000", "hüsh", "hush\thush"})
  void whatNoHeaderCanCarryIsRefusedByTheNameOfItsVariable(String secret) {
    assertThatThrownBy(() -> Credentials.ofMlflow(Map.of("MLFLOW_TRACKING_TOKEN", secret)))
        .isInstanceOf(SpecException.class)
        .hasMessage("MLFLOW_TRACKING_TOKEN" + FAULT);
    assertThatThrownBy(() -> Credentials.ofOpenLineage(Map.of("OPENLINEAGE_API_KEY", secret)))
        .isInstanceOf(SpecException.class)
        .hasMessage("OPENLINEAGE_API_KEY" + FAULT);
  }

  @Test
  void aLineBreakAtTheEndIsNoPartOfIt() {
    assertThat(Credentials.ofMlflow(Map.of("MLFLOW_TRACKING_TOKEN", "hush\n")).header())
        .contains("Bearer hush");
    assertThat(Credentials.ofOpenLineage(Map.of("OPENLINEAGE_API_KEY", "hush\n")).header())
        .contains("Bearer hush");
    assertThat(Credentials.ofOpenLineage(Map.of()).header()).isEmpty();
  }

  @Test
  void whatTheClientThrowsIsToldMaskedAndKeptNowhere() {
    Credentials credentials = Credentials.ofMlflow(Map.of("MLFLOW_TRACKING_TOKEN", "hush"));
    JsonServer server =
        new JsonServer(
            "MLflow", "http://127.0.0.1:1", credentials, "MLFLOW_TRACKING_TOKEN", Patience.brief());
    assertThatThrownBy(() -> server.get("/no uri hush"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageStartingWith(
            "MLflow at http://127.0.0.1:1: can't be asked (IllegalArgumentException: Illegal"
                + " character in path")
        .hasMessageEndingWith("/no uri ***)")
        .hasNoCause();
  }
}
