package io.millrace.train;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.Communicator;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.apache.spark.BarrierTaskContext;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** One worker of distributed boosting: all workers hold the same booster, the first returns it. */
final class BoostWorker extends AbstractFunction1<Iterator<Block>, Iterator<Boosted>>
    implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final String TUNE = "tune";

  private final BoostSettings settings;
  private final Map<String, Object> tracker;

  BoostWorker(BoostSettings settings, Map<String, Object> trackerArguments) {
    this.settings = settings;
    tracker = trackerArguments;
  }

  @Override
  public Iterator<Boosted> apply(Iterator<Block> blocks) {
    Block block = blocks.next();
    // All have their rows before any meets the tracker: one that came too late, because its rows
    // had
    // to be made anew, would leave the others waiting in native code, which nothing interrupts.
    BarrierTaskContext.get().barrier();
    try {
      Communicator.init(RankedTracker.ofTask(tracker, block.index()));
      try {
        Boosted boosted = boost(block);
        List<Boosted> result = block.index() == 0 ? List.of(boosted) : List.of();
        return CollectionConverters.asScala(result.iterator());
      } finally {
        Communicator.shutdown();
      }
    } catch (XGBoostError e) {
      throw new IllegalStateException("XGBoost: " + e.getMessage(), e);
    }
  }

  private Boosted boost(Block block) throws XGBoostError {
    Map<String, DMatrix> matrices = new LinkedHashMap<>();
    matrices.put("train", settings.matrix(block.train()));
    if (settings.patience() > 0) {
      matrices.put(TUNE, settings.matrix(block.tune()));
    }
    DMatrix train = matrices.get("train");
    // No round here: the library's loop prints a line per round and can't be told not to.
    Booster booster = XGBoost.train(train, settings.parameters(), 0, matrices, null, null);
    try {
      int rounds = rounds(booster, train, matrices.get(TUNE));
      return new Boosted(booster.toByteArray("json"), rounds);
    } finally {
      booster.dispose();
      matrices.values().forEach(DMatrix::dispose);
    }
  }

  /** Boosts, and returns the number of rounds to keep. */
  private int rounds(Booster booster, DMatrix train, DMatrix tune) throws XGBoostError {
    int best = settings.rounds();
    double least = Double.POSITIVE_INFINITY;
    for (int round = 0; round < settings.rounds(); round++) {
      booster.update(train, round);
      if (tune == null) {
        continue;
      }
      double loss = loss(booster.evalSet(new DMatrix[] {tune}, new String[] {TUNE}, round));
      if (loss < least) {
        least = loss;
        best = round + 1;
      } else if (round + 1 - best >= settings.patience()) {
        break;
      }
    }
    return best;
  }

  /** The number of {@code [7]\ttune-logloss:0.4321}, the same on all workers. */
  private static double loss(String evaluation) {
    return Double.parseDouble(evaluation.substring(evaluation.lastIndexOf(':') + 1).trim());
  }
}
