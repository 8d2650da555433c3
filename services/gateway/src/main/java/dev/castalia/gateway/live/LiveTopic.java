package dev.castalia.gateway.live;

import dev.castalia.gateway.problem.NearMisses;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.schemas.Topic;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What can be watched. */
enum LiveTopic {
  PROGRESS(Topic.PROGRESS),
  SWEEPS(Topic.SWEEPS),
  LEADERBOARDS(Topic.LEADERBOARDS),
  TRAJECTORIES(Topic.TRAJECTORIES),
  SCORECARDS(Topic.SCORECARDS),
  FINDINGS(Topic.FINDINGS),
  FAILURES(Topic.FAILURES),
  CHECKPOINTS(Topic.CHECKPOINTS),
  TASKS(Topic.TASKS),
  SCORERS(Topic.SCORES);

  private final Topic topic;

  LiveTopic(Topic topic) {
    this.topic = topic;
  }

  Topic topic() {
    return topic;
  }

  /** The name that clients use. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @param parameter that holds the words
   * @param words comma-separated
   * @throws ProblemException naming the word that is none
   */
  static Set<LiveTopic> parse(String parameter, String words) {
    Set<LiveTopic> topics = EnumSet.noneOf(LiveTopic.class);
    for (String word : words.split(",", -1)) {
      topics.add(
          Arrays.stream(values())
              .filter(topic -> topic.word().equals(word.strip()))
              .findFirst()
              .orElseThrow(() -> unknown(parameter, word)));
    }
    return topics;
  }

  private static ProblemException unknown(String parameter, String word) {
    List<String> words = Arrays.stream(values()).map(LiveTopic::word).toList();
    List<String> near = NearMisses.of(word, words);
    return ProblemException.badRequest(
        "%s holds \"%s\", which cannot be watched; %s can."
            .formatted(parameter, word, String.join(", ", near.isEmpty() ? words : near)));
  }
}
