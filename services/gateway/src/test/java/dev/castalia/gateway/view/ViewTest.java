package dev.castalia.gateway.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.gateway.support.Events;
import dev.castalia.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ViewTest {

  private final View<String> view = new View<>(Topic.SCORECARDS, 2);

  @BeforeEach
  void openTwoPartitions() {
    view.clear(2);
  }

  @Test
  void theLatestRecordOfAKeyIsItsRow() {
    put("a", "old", 0, 0);
    put("a", "new", 0, 1);

    assertThat(view.get("a")).contains("new");
    assertThat(view.size()).isEqualTo(1);
  }

  @Test
  void aDeletedKeyIsGone() {
    put("a", "value", 0, 0);
    put("a", null, 0, 1);

    assertThat(view.get("a")).isEmpty();
  }

  @Test
  void rowsAreReadOnBehindAKeyWhetherItIsStillThereOrNot() {
    put("a", "1", 0, 0);
    put("b", "1", 1, 0);
    put("c", "1", 0, 1);
    put("b", null, 1, 1);

    assertThat(view.rowsAfter("b")).extracting(Row::key).containsExactly("c");
    assertThat(view.rowsAfter("a")).extracting(Row::key).containsExactly("c");
    assertThat(view.rowsAfter(null)).extracting(Row::key).containsExactly("a", "c");
  }

  @Test
  void changesHoldEachKeyOnceInItsLatestState() {
    put("a", "1", 0, 0);
    put("b", "1", 0, 1);
    put("a", "2", 0, 2);
    put("a", "3", 0, 3);

    assertThat(changes(0, 0)).containsExactly("b=1", "a=3");
    assertThat(changes(2, 0)).containsExactly("a=3");
    assertThat(changes(4, 0)).isEmpty();
  }

  @Test
  void changesTellOfDeletions() {
    put("a", "1", 0, 0);
    put("a", null, 0, 1);

    assertThat(changes(1, 0)).containsExactly("a=null");
  }

  @Test
  void aKeyThatCameBackIsNoDeletion() {
    put("a", "1", 0, 0);
    put("a", null, 0, 1);
    put("a", "2", 0, 2);

    assertThat(changes(0, 0)).containsExactly("a=2");
  }

  @Test
  void whatWasAppliedButIsBehindThePositionWaits() {
    put("a", "1", 0, 0);
    view.apply(new Row<>("b", "1", 0, 1, Events.EARLIER));

    assertThat(changes(0, 0)).containsExactly("a=1");
  }

  @Test
  void changesSinceAForgottenDeletionCannotBeTold() {
    for (int i = 0; i < 3; i++) {
      put("k" + i, "1", 0, 2 * i);
      put("k" + i, null, 0, 2 * i + 1);
    }

    assertThat(view.changes(new long[] {1, 0}, view.position())).isEmpty();
    assertThat(changes(2, 0)).containsExactly("k1=null", "k2=null");
  }

  @Test
  void changesOfAnotherNumberOfPartitionsCannotBeTold() {
    assertThat(view.changes(new long[] {0}, view.position())).isEmpty();
  }

  @Test
  void theLogHoldsNoMoreThanRowsAndDeletions() {
    for (int i = 0; i < 1000; i++) {
      put("k" + i % 10, i % 7 == 0 ? null : "v" + i, 0, i);
    }

    assertThat(view.log(0)).hasSizeLessThanOrEqualTo(10 + 2);
  }

  @Test
  void rowsWithAPrefixAreThoseOfOneCheckpointAlone() {
    put("m@step1|t|0|float32", "1", 0, 0);
    put("m@step16|t|0|float32", "16", 0, 1);

    assertThat(view.rowsWithPrefix("m@step1|")).extracting(Row::value).containsExactly("1");
  }

  @Test
  void listenersLearnOfWhatWasBefore() {
    List<String> heard = new ArrayList<>();
    view.listen(
        new View.Listener<>() {
          @Override
          public void changed(Row<String> before, Row<String> after) {
            heard.add((before == null ? "-" : before.value()) + ">" + after.value());
          }

          @Override
          public void cleared() {
            heard.add("cleared");
          }
        });

    put("a", "1", 0, 0);
    put("a", "2", 0, 1);
    put("a", null, 0, 2);
    view.clear(2);

    assertThat(heard).containsExactly("->1", "1>2", "2>null", "cleared");
    assertThat(view.rows()).isEmpty();
  }

  private void put(String key, String value, int partition, long offset) {
    view.apply(new Row<>(key, value, partition, offset, Events.EARLIER));
    view.advance(partition, offset + 1);
  }

  private List<String> changes(long... from) {
    Optional<List<Row<String>>> changes = view.changes(from, view.position());
    return changes.orElseThrow().stream().map(row -> row.key() + "=" + row.value()).toList();
  }
}
