package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is kept, of texts that weigh as many as they have characters. */
class KeptTest {

  private final Kept<String, String> kept = new Kept<>(10, String::length);
  private final List<String> made = new ArrayList<>();

  private String get(String text) {
    return kept.get(
        text,
        () -> {
          made.add(text);
          return text;
        });
  }

  @Test
  void whatFitsIsMadeOnce() {
    List.of("aaaa", "bbbb", "aaaa", "bbbb").forEach(this::get);

    assertThat(made).containsExactly("aaaa", "bbbb");
  }

  @Test
  void noMoreIsKeptThanFits() {
    List<String> many = IntStream.range(1000, 1100).mapToObj(Integer::toString).toList();
    many.forEach(this::get);
    made.clear();

    many.forEach(this::get);

    assertThat(made).hasSizeGreaterThanOrEqualTo(100 - 2);
  }

  @Test
  void whatIsHeavierThanAllThatFitsIsKeptToo() {
    List.of("too heavy for all", "too heavy for all").forEach(this::get);

    assertThat(made).containsExactly("too heavy for all");
  }

  @Test
  void whatCouldNotBeMadeIsMadeTheNextTime() {
    assertThatThrownBy(
            () ->
                kept.get(
                    "a",
                    () -> {
                      throw new IllegalStateException("once");
                    }))
        .hasMessage("once");

    assertThat(get("a")).isEqualTo("a");
    assertThat(made).containsExactly("a");
  }

  @Test
  void whoWaitsForOneThatCouldNotBeMadeIsToldWhyAsItsMakerIs() {
    OutOfMemoryError why = new OutOfMemoryError("Java heap space");
    FutureTask<String> waiting = new FutureTask<>(() -> get("a"));

    assertThatThrownBy(
            () ->
                kept.get(
                    "a",
                    () -> {
                      Thread thread = Thread.ofPlatform().start(waiting);
                      await().until(() -> thread.getState() == Thread.State.WAITING);
                      throw why;
                    }))
        .isSameAs(why);
    assertThatThrownBy(waiting::get).cause().isSameAs(why);
  }

  /** These two have the same hash code. */
  @Test
  void whileOneIsMadeOthersAreGiven() {
    String first =
        kept.get(
            "Aa",
            () ->
                CompletableFuture.supplyAsync(() -> get("BB")).orTimeout(1, TimeUnit.MINUTES).join()
                    + "Aa");

    assertThat(first).isEqualTo("BBAa");
  }

  @Test
  void whatSeveralAskForAtATimeIsMadeOnce() throws Exception {
    AtomicInteger count = new AtomicInteger();
    List<FutureTask<String>> others =
        Stream.generate(
                () -> new FutureTask<>(() -> kept.get("a", () -> "a" + count.incrementAndGet())))
            .limit(8)
            .toList();

    String first =
        kept.get(
            "a",
            () -> {
              List<Thread> askers = others.stream().map(Thread.ofPlatform()::start).toList();
              await()
                  .until(
                      () -> askers.stream().allMatch(it -> it.getState() == Thread.State.WAITING));
              return "a" + count.incrementAndGet();
            });

    assertThat(first).isEqualTo("a1");
    for (FutureTask<String> other : others) {
      assertThat(other.get()).isEqualTo("a1");
    }
  }
}
