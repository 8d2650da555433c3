package dev.castalia.scoring.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.checkpoint.CheckpointFiles;
import dev.castalia.scoring.tokens.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Logger;

/**
 * The Hugging Face hub, or a server that speaks as it does, and the cache of what came from it.
 * Thread-safe, and safe beside other processes with the same cache.
 */
public final class Hub {

  private static final Logger LOG = Logger.getLogger(Hub.class.getName());

  private final HubSettings settings;
  private final HubHttp http;

  /** Whether nothing was fetched since a tokenizer could not be completed; trying takes minutes. */
  private volatile boolean inVain;

  public Hub(HubSettings settings) {
    this.settings = settings;
    this.http = new HubHttp(settings);
  }

  /**
   * A branch or tag.
   *
   * @param commit 40 digits; serves as a revision itself
   */
  public record Ref(String name, String commit) {}

  /**
   * The branches of a repository and then its tags, in the hub's order.
   *
   * @throws CheckpointException if there is no such repository, or the hub cannot be asked
   */
  public List<Ref> refs(String repository) {
    HubReference reference = new HubReference(repository, "main");
    requireOnline(reference);
    JsonNode answer = http.json(HubReference.SCHEME + repository, api(repository) + "/refs");
    List<Ref> refs = new ArrayList<>();
    for (String kind : List.of("branches", "tags")) {
      for (JsonNode ref : answer.path(kind)) {
        String commit = ref.path("targetCommit").asText();
        if (HubReference.isCommit(commit)) {
          refs.add(new Ref(ref.path("name").asText(), commit));
        }
      }
    }
    return refs;
  }

  /**
   * The folder of a checkpoint in the cache. Weights that are there are not asked for again, even
   * if the branch has moved since: name a commit to be sure which one it is. Of the tokenizer there
   * is what whoever brought them brought too; see {@link #fetchTokenizer}.
   *
   * @throws CheckpointException if there is no such checkpoint, or it cannot be fetched; passing
   *     where the network, the hub or the disk may do better later
   */
  public Path fetch(HubReference reference) {
    HubCache cache = new HubCache(settings.cache(), reference.repository());
    try {
      Optional<Path> cached = cache.snapshot(reference).filter(CheckpointFiles::areWhole);
      if (cached.isPresent()) {
        return cached.get();
      }
      requireOnline(reference);
      Listing listing = list(reference);
      bring(
          reference,
          listing,
          CheckpointFiles.needed(reference.toString(), listing.available()),
          cache);
      cache.point(reference, listing.commit());
      return cache.snapshot(listing.commit());
    } catch (IOException e) {
      throw unusable(reference, e);
    }
  }

  /**
   * The same, with the files of its tokenizer, of which whoever brought the weights may have left
   * some out. Without {@code tokenizer.json} there is none, while the others only say more: where
   * they cannot be fetched, the tokenizer is what is there, and no other is completed until
   * something was fetched again.
   *
   * @throws CheckpointException if there is no such checkpoint, or it or its {@code tokenizer.json}
   *     cannot be fetched; passing where the network, the hub or the disk may do better later
   */
  public Path fetchTokenizer(HubReference reference) {
    Path snapshot = fetch(reference);
    HubReference commit =
        new HubReference(reference.repository(), snapshot.getFileName().toString());
    HubCache cache = new HubCache(settings.cache(), reference.repository());
    boolean usable = cache.has(commit.revision(), TokenizerFiles.TOKENIZER);
    boolean known =
        TokenizerFiles.ALWAYS_WRITTEN.stream()
            .allMatch(name -> cache.knows(commit.revision(), name));
    if (known || settings.offline() || (usable && inVain)) {
      return snapshot;
    }
    try {
      complete(commit, cache);
    } catch (CheckpointException e) {
      if (!usable || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      LOG.warning(
          "%s: its tokenizer is taken without the files that could not be fetched: %s"
              .formatted(commit, e.getMessage()));
      if (e.passing()) {
        inVain = true;
      }
    }
    return snapshot;
  }

  private void complete(HubReference commit, HubCache cache) {
    try {
      Listing listing = list(commit);
      bring(commit, listing, TokenizerFiles.among(listing.available()), cache);
    } catch (IOException e) {
      throw unusable(commit, e);
    }
  }

  private CheckpointException unusable(HubReference reference, IOException why) {
    return CheckpointException.passing(
        "%s: the cache %s cannot be used (%s); check the disk, or set HF_HUB_CACHE"
            .formatted(reference, settings.cache(), why));
  }

  /**
   * What the hub has of a revision.
   *
   * @param available the names of its files
   */
  private record Listing(String commit, Set<String> available) {}

  private Listing list(HubReference reference) {
    JsonNode answer =
        http.json(
            reference.toString(),
            api(reference.repository()) + "/revision/" + reference.revision().replace("/", "%2F"));
    String commit = answer.path("sha").asText();
    if (!HubReference.isCommit(commit)) {
      throw new CheckpointException(
          "%s: the hub gives the commit '%s'; is HF_ENDPOINT a hub?".formatted(reference, commit));
    }
    Set<String> available = new TreeSet<>();
    answer.path("siblings").forEach(it -> available.add(it.path("rfilename").asText()));
    return new Listing(commit, available);
  }

  /** Fetches those of the files that the cache lacks, and notes which of a tokenizer's are none. */
  private void bring(HubReference reference, Listing listing, List<String> names, HubCache cache)
      throws IOException {
    String commit = listing.commit();
    for (String name : names) {
      if (cache.has(commit, name)) {
        continue;
      }
      String path = "/" + reference.repository() + "/resolve/" + commit + "/" + name;
      HubDownload download =
          new HubDownload(
              http, cache, settings.patience(), reference + "/" + name, http.address(path));
      cache.link(commit, name, download.fetch());
      inVain = false;
    }
    TokenizerFiles.NAMES.stream()
        .filter(name -> !listing.available().contains(name))
        .forEach(name -> cache.noteAbsent(commit, name));
  }

  private void requireOnline(HubReference reference) {
    if (settings.offline()) {
      throw new CheckpointException(
          "%s: not in the cache %s, and HF_HUB_OFFLINE forbids to fetch it"
              .formatted(reference, settings.cache()));
    }
  }

  private static String api(String repository) {
    return "/api/models/" + repository;
  }
}
