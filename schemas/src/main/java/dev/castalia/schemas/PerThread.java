package dev.castalia.schemas;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * One of each thread's own: Kafka Streams gives all of its threads the same serde, and the
 * registry's are for one thread. Closed, it closes all there were.
 */
final class PerThread<T extends Closeable> implements Closeable {

  private final Queue<T> all = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<T> own;

  private PerThread(Supplier<T> maker) {
    this.own =
        ThreadLocal.withInitial(
            () -> {
              T made = maker.get();
              all.add(made);
              return made;
            });
  }

  static <E> Serializer<E> serializer(Supplier<Serializer<E>> maker) {
    PerThread<Serializer<E>> each = new PerThread<>(maker);
    return new Serializer<>() {

      @Override
      public void configure(Map<String, ?> configs, boolean isKey) {
        // Each is made configured.
      }

      @Override
      public byte[] serialize(String topic, E event) {
        return each.own.get().serialize(topic, event);
      }

      @Override
      public byte[] serialize(String topic, Headers headers, E event) {
        return each.own.get().serialize(topic, headers, event);
      }

      @Override
      public void close() {
        each.close();
      }
    };
  }

  static <E> Deserializer<E> deserializer(Supplier<Deserializer<E>> maker) {
    PerThread<Deserializer<E>> each = new PerThread<>(maker);
    return new Deserializer<>() {

      @Override
      public void configure(Map<String, ?> configs, boolean isKey) {
        // Each is made configured.
      }

      @Override
      public E deserialize(String topic, byte[] bytes) {
        return each.own.get().deserialize(topic, bytes);
      }

      @Override
      public E deserialize(String topic, Headers headers, byte[] bytes) {
        return each.own.get().deserialize(topic, headers, bytes);
      }

      @Override
      public void close() {
        each.close();
      }
    };
  }

  @Override
  public void close() {
    for (T one = all.poll(); one != null; one = all.poll()) {
      try {
        one.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
