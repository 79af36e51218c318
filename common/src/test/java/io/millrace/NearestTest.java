package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

  @ParameterizedTest
  @CsvSource({"kitten,sitting,3", "ca,ac,1", "abc,abc,0", "'',abc,3", "rounds,roundz,1"})
  void countsEditsAndSwaps(String a, String b, int distance) {
    assertThat(Nearest.distance(a, b)).isEqualTo(distance);
    assertThat(Nearest.distance(b, a)).isEqualTo(distance);
  }

  @Test
  void passesOverSpellingOfCompoundsAndCase() {
    assertThat(Nearest.of("learning_rate", List.of("learning-rate"))).contains("learning-rate");
    assertThat(Nearest.of("LearningRate", List.of("learning-rate"))).contains("learning-rate");
    assertThat(Nearest.of("y", List.of("x", "day"))).contains("x");
    assertThat(Nearest.of("depth", List.of("rounds", "alpha"))).isEmpty();
  }

  @Test
  void takesTheFirstByTheAlphabetOfEquals() {
    assertThat(Nearest.of("cat", List.of("rat", "bat"))).contains("bat");
  }

  @Test
  void mendsByTheNearestOrByAll() {
    assertThat(Nearest.mend("rounsd", List.of("rounds"), "keys")).isEqualTo("did you mean rounds?");
    assertThat(Nearest.mend("zzzz", List.of("b", "a"), "keys")).isEqualTo("known keys: b, a");
    assertThat(Nearest.mend("zzzz", List.of(), "keys")).isEqualTo("there are no keys");
  }
}
