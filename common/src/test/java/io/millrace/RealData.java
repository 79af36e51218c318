package io.millrace;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Public data that is too large for the project; its place is told by {@code MILLRACE_DATA}. */
public final class RealData {

  private RealData() {}

  /**
   * A file or folder of it; the test that asks is passed over, with its name, where it is not. To
   * the end of the test's class code is made of queries.
   */
  public static Path at(String name) {
    String told = Optional.ofNullable(System.getenv("MILLRACE_DATA")).orElse("../../shared/data");
    Path data = Path.of(told).toAbsolutePath().normalize();
    assumeThat(Files.exists(data.resolve(name)))
        .as("set MILLRACE_DATA: there is no " + data.resolve(name))
        .isTrue();
    TestSpark.compile(true);
    return data.resolve(name);
  }
}
