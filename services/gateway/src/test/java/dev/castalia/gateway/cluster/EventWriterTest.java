package dev.castalia.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.gateway.cluster.EventWriter.Entry;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.support.Events;
import dev.castalia.gateway.support.FramedCodec;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class EventWriterTest {

  private static final List<Entry> TWO =
      List.of(
          new Entry(Events.checkpoint("nano-74k", 1)), new Entry(Events.checkpoint("nano-74k", 2)));

  private final Brokers brokers = new Brokers();

  @Test
  void nothingMoreIsSentOnceKafkaDoesNotTakeAnEvent() {
    brokers.answer = CompletableFuture.failedFuture(new TimeoutException("no metadata"));

    assertUnavailable(() -> writer(new FramedCodec()).write(Topic.CHECKPOINTS, TWO));

    assertThat(brokers.sent).hasSize(1);
  }

  @Test
  void whatKafkaDoesNotAnswerInTimeIsUnavailable() {
    brokers.answer = new CompletableFuture<>();

    assertUnavailable(() -> writer(new FramedCodec()).write(Topic.CHECKPOINTS, TWO));
  }

  @Test
  void noneIsWrittenWhenOneIsTooLarge() {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(
            () ->
                writer(new FramedCodec())
                    .write(
                        Topic.SWEEPS,
                        List.of(new Entry(sweep("small", 1)), new Entry(sweep("large", 500_000)))))
        .withMessageContaining("large has 9000046 bytes as an event, where 8388608 at most")
        .satisfies(e -> assertThat(e.status()).isEqualTo(422));

    assertThat(brokers.sent).isEmpty();
  }

  @Test
  void anEventThatIsNoneOfItsSchemaIsNotToBeTriedAgain() {
    EventCodec codec =
        new EventCodec() {
          @Override
          public byte[] encode(Topic topic, SpecificRecord event) {
            throw new IllegalStateException("null in field tags");
          }

          @Override
          public SpecificRecord decode(Topic topic, byte[] bytes) {
            throw new UnsupportedOperationException();
          }
        };

    assertThatIllegalStateException()
        .isThrownBy(() -> writer(codec).write(Topic.CHECKPOINTS, TWO))
        .withMessage("null in field tags");
  }

  private static SweepRequested sweep(String id, int tasks) {
    return SweepRequested.newBuilder()
        .setSweep(id)
        .setRequestedBy("alice")
        .setRequestedAt(Events.EARLIER)
        .setModels(List.of("*"))
        .setSteps("all")
        .setTasks(Collections.nCopies(tasks, new SweepTask("nano_agreement", null, 0)))
        .setDtype("float32")
        .build();
  }

  private EventWriter writer(EventCodec codec) {
    return new EventWriter(brokers, codec, new Views(1), Duration.ofMillis(50));
  }

  private static void assertUnavailable(Runnable write) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(write::run)
        .withMessage("Kafka did not take it: try again.")
        .satisfies(e -> assertThat(e.status()).isEqualTo(503));
  }

  /** Brokers that answer every event alike. */
  private static final class Brokers implements ClusterClients {

    private final List<ProducerRecord<String, byte[]>> sent = new ArrayList<>();
    private Future<RecordMetadata> answer;

    @Override
    public Producer<String, byte[]> producer() {
      return new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
        @Override
        public synchronized Future<RecordMetadata> send(
            ProducerRecord<String, byte[]> record, Callback callback) {
          sent.add(record);
          return answer;
        }
      };
    }

    @Override
    public Consumer<String, byte[]> consumer() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Unread unread() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String identity(Collection<Topic> topics) {
      throw new UnsupportedOperationException();
    }
  }
}
