package io.millrace.retain;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.erase.Receipts;
import io.millrace.table.Lake;
import io.millrace.table.LoggedFile;
import io.millrace.table.TableFolder;
import io.millrace.table.TableHistory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is no longer there, and who took it. Each folder is listed once. */
public final class Losses {

  private final Lake lake;
  private final Histories histories;
  private final Map<String, Set<String>> there = new HashMap<>();

  public Losses(Histories histories) {
    this.lake = histories.lake();
    this.histories = histories;
  }

  /** Why a version can't be read as it is needed; empty where it can. */
  public Optional<String> of(Need need) {
    String told = need.table() + "@" + need.version();
    Optional<TableHistory> history =
        histories
            .of(need.table())
            .filter(h -> h.first() <= need.version() && need.version() <= h.newest());
    if (history.isEmpty()) {
      return unsure(need).map(why -> told + ": " + why);
    }
    List<LoggedFile> missing =
        history.get().files().stream()
            .filter(need::has)
            .filter(file -> !isThere(need, file))
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: %d of its files are gone, %s"
                .formatted(told, missing.size(), by(need, history.get(), missing)));
  }

  private boolean isThere(Need need, LoggedFile file) {
    Set<String> names = names(need);
    return names.contains(file.name()) && file.vector().map(names::contains).orElse(true);
  }

  private Set<String> names(Need need) {
    return there.computeIfAbsent(need.table(), table -> TableFolder.names(lake, table));
  }

  /** Of a table whose log doesn't tell all, what Kernel still makes of it. */
  private Optional<String> unsure(Need need) {
    try {
      Set<String> needed = lake.at(need.table(), need.version()).names();
      long missing = needed.stream().filter(name -> !names(need).contains(name)).count();
      return missing == 0 ? Optional.empty() : Optional.of(missing + " of its files are gone");
    } catch (KernelException e) {
      return new Receipts(lake)
          .erased(need.table(), need.version())
          .map(erased -> "a person was " + erased)
          .or(() -> Optional.of("its log is gone"));
    }
  }

  private String by(Need need, TableHistory history, List<LoggedFile> missing) {
    Optional<String> foreign =
        history
            .vacuumedSince(need.version())
            .map(vacuum -> "by a foreign VACUUM on " + second(vacuum.at()));
    // Ours takes only what was out of the table by then.
    Optional<String> ours =
        missing.stream()
            .map(LoggedFile::removed)
            .filter(removed -> removed != LoggedFile.LIVE)
            .min(Long::compare)
            .flatMap(
                removed ->
                    new VacuumLog(lake).deletedSince(need.table(), history.committed(removed)))
            .map(at -> "by `millrace vacuum` on " + second(at));
    if (foreign.isPresent() && ours.isPresent()) {
      return foreign.get() + " or " + ours.get();
    }
    return foreign.or(() -> ours).orElse("and no VACUUM is on record");
  }

  private static Instant second(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }
}
