package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class PerThreadTest {

  private final Set<Thread> makers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger closed = new AtomicInteger();
  private final Serializer<String> shared = PerThread.serializer(this::made);

  @Test
  void eachThreadHasItsOwnAndKeepsIt() throws InterruptedException, ExecutionException {
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      assertThat(shared.serialize("topic", "here")).isEqualTo("here".getBytes());
      assertThat(shared.serialize("topic", "again")).isEqualTo("again".getBytes());
      assertThat(other.submit(() -> shared.serialize("topic", "there")).get())
          .isEqualTo("there".getBytes());
    }

    assertThat(makers).hasSize(2).contains(Thread.currentThread());
  }

  @Test
  void closingClosesThoseOfAllThreads() throws InterruptedException, ExecutionException {
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      shared.serialize("topic", "here");
      other.submit(() -> shared.serialize("topic", "there")).get();
    }

    shared.close();

    assertThat(closed).hasValue(2);
  }

  private Serializer<String> made() {
    makers.add(Thread.currentThread());
    return new StringSerializer() {
      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }
}
