package io.millrace.jobs;

import io.millrace.config.CanonicalJson;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SourceSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sources of one name in several pipelines: one raw table, and so one path and one reading. */
final class SharedSources {

  private record Declared(Path file, SourceSpec source) {}

  private SharedSources() {}

  /**
   * One fault for each source that a pipeline declares otherwise than one before it.
   *
   * @param specs specs by file, in the order in which they are compared
   */
  static List<String> faults(Map<Path, PipelineSpec> specs) {
    List<String> faults = new ArrayList<>();
    Map<String, Declared> first = new TreeMap<>();
    specs.forEach(
        (file, spec) ->
            spec.sources()
                .forEach(
                    (name, source) -> {
                      Declared other = first.putIfAbsent(name, new Declared(file, source));
                      if (other != null && !same(other.source(), source)) {
                        faults.add(
                            "%s: sources.%s: %s declares this source otherwise%s, and both are the table raw/%s; declare it alike, or under a name of its own"
                                .formatted(
                                    file, name, other.file(), difference(other, source), name));
                      }
                    }));
    return faults;
  }

  private static boolean same(SourceSpec one, SourceSpec other) {
    return CanonicalJson.of(one).equals(CanonicalJson.of(other));
  }

  private static String difference(Declared other, SourceSpec source) {
    return other.source().path().equals(source.path())
        ? ""
        : " (path " + other.source().path() + ")";
  }
}
