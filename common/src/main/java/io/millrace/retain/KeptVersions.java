package io.millrace.retain;

import io.millrace.table.LoggedFile;
import io.millrace.table.TableHistory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The versions of a table that are kept.
 *
 * @param from from which one on all are
 * @param needs what pins need besides
 */
record KeptVersions(TableHistory history, long from, Map<Pin, List<Need>> needs) {

  /** Names of the files that these versions need. */
  Set<String> names() {
    List<Need> all = needs.values().stream().flatMap(List::stream).distinct().toList();
    Set<String> names = new HashSet<>();
    for (LoggedFile file : history.files()) {
      if (file.removed() > from || all.stream().anyMatch(need -> need.has(file))) {
        names.add(file.name());
        file.vector().ifPresent(names::add);
      }
    }
    history
        .changeFiles()
        .forEach(
            (name, version) -> {
              if (version >= from) {
                names.add(name);
              }
            });
    return names;
  }

  Set<Long> versions() {
    Set<Long> versions = new TreeSet<>();
    for (long version = from; version <= history.newest(); version++) {
      versions.add(version);
    }
    needs
        .values()
        .forEach(
            of ->
                of.stream()
                    .map(Need::version)
                    .filter(version -> version <= history.newest())
                    .forEach(versions::add));
    return versions;
  }

  /**
   * What keeps them, in words.
   *
   * @param span of time for which all are kept
   */
  String why(String span) {
    List<String> words = new ArrayList<>();
    words.add("newest");
    if (from < history.newest()) {
      words.add("%d of the last %s".formatted(history.newest() - from, span));
    }
    count(Pin.Kind.MODEL, "model", words);
    count(Pin.Kind.RELEASE, "release", words);
    named(Pin.Kind.BRANCH, "branch ", words);
    named(Pin.Kind.MERGE, "merge of ", words);
    String named =
        needs.keySet().stream()
            .filter(pin -> pin.kind() == Pin.Kind.PERSON)
            .map(Pin::name)
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    if (!named.isEmpty()) {
      words.add("pinned by " + named);
    }
    return String.join(", ", words);
  }

  private void named(Pin.Kind kind, String word, List<String> words) {
    needs.keySet().stream()
        .filter(pin -> pin.kind() == kind)
        .map(pin -> word + pin.name())
        .sorted()
        .forEach(words::add);
  }

  private void count(Pin.Kind kind, String word, List<String> words) {
    long pins = needs.keySet().stream().filter(pin -> pin.kind() == kind).count();
    if (pins > 0) {
      words.add("%d %s%s".formatted(pins, word, pins == 1 ? "" : "s"));
    }
  }
}
