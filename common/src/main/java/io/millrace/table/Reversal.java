package io.millrace.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.DataException;
import io.millrace.table.MergeLog.Intent;
import io.millrace.table.MergeLog.Move;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/** Takes back what a merge that can't be finished has committed in a table. */
final class Reversal {

  private final Lake main;
  private final Landing landing;
  private final Intent intent;
  private final Move move;

  Reversal(Lake main, Landing landing, Intent intent, Move move) {
    this.main = main;
    this.landing = landing;
    this.intent = intent;
    this.move = move;
  }

  /** The counter that moves where the commit that moved a merge's counter is taken back. */
  private static String mark(String counter) {
    return counter + "/undone";
  }

  /** Whether a version's commit is a merge's that was taken back up to a table's version. */
  static boolean isUndone(Lake lake, PinnedTable table, long version) {
    return LogActions.read(lake, lake.commit(table.name(), version)).orElse(List.of()).stream()
        .map(action -> action.path("txn").path("appId").asText(""))
        .anyMatch(counter -> !counter.isEmpty() && table.counter(mark(counter)) > 0);
  }

  /** Takes a table's commit back where it was made: the rows of before it, in a commit more. */
  void make() {
    String mark = mark(Landing.counter(intent.id()));
    Optional<PinnedTable> newest = main.newest(move.table());
    while (newest.isPresent()
        && newest.get().counter(Landing.counter(intent.id())) > 0
        && newest.get().counter(mark) == 0) {
      Path target = Lake.commit(main.path(move.table()), newest.get().version() + 1);
      LogActions.write(main, target, reversed(newest.get(), mark));
      newest = main.newest(move.table());
    }
  }

  private List<ObjectNode> reversed(PinnedTable newest, String mark) {
    Map<String, ObjectNode> before = move.before() < 0 ? Map.of() : adds();
    Set<String> live =
        newest.logFiles().stream()
            .map(DataFile::name)
            .collect(Collectors.toCollection(HashSet::new));
    List<ObjectNode> actions =
        new ArrayList<>(List.of(LogActions.info("MERGE UNDONE"), LogActions.counted(mark, 1)));
    for (long version = move.before() + 1; version <= move.after(); version++) {
      for (ObjectNode action : landing.onMain(move, landing.prepared(intent, move, version))) {
        if (action.has("add")) {
          String path = action.get("add").path("path").asText();
          if (!live.contains(name(path))) {
            throw new DataException(
                ("merge %s: %s was written over before it could be undone; restore version %d by"
                        + " Delta's RESTORE, then run the command again")
                    .formatted(intent.branch(), move.table(), move.before()));
          }
          actions.add(LogActions.removal(path, true));
        } else if (action.has("remove")) {
          actions.add(back(before.get(name(action.get("remove").path("path").asText()))));
        } else if (action.has("txn") && isNewsOf(action.get("txn"), newest)) {
          actions.add(LogActions.counted(action.get("txn").path("appId").asText(), 0));
        }
      }
    }
    return actions;
  }

  /**
   * Whether a counter began with the merge and hasn't moved since: it would say for good that what
   * the branch had taken in is here.
   */
  private boolean isNewsOf(JsonNode counted, PinnedTable newest) {
    String counter = counted.path("appId").asText();
    return !counter.equals(Landing.counter(intent.id()))
        && newest.counter(counter) == counted.path("version").asLong()
        && (move.before() < 0 || main.at(move.table(), move.before()).counter(counter) == 0);
  }

  /** A file that comes back; where it is gone the merge stays open and the table as it is. */
  private ObjectNode back(ObjectNode add) {
    String path = LogActions.prefix(main.path(move.table())) + add.get("add").path("path").asText();
    Path file = LogActions.file(path);
    if (main.status(file).isEmpty()) {
      throw new DataException(
          "merge %s: %s can't be taken back to version %d, since %s is gone; restore that file, then run the command again"
              .formatted(intent.branch(), move.table(), move.before(), file));
    }
    return add;
  }

  private Map<String, ObjectNode> adds() {
    Map<String, ObjectNode> adds = new HashMap<>();
    for (ObjectNode action : LogActions.state(main, main.at(move.table(), move.before()))) {
      if (action.has("add")) {
        ObjectNode file = (ObjectNode) action.get("add");
        String path = landing.relative(move.table(), file.path("path").asText());
        file.put("path", path).put("dataChange", true);
        adds.put(name(path), action);
      }
    }
    return adds;
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
