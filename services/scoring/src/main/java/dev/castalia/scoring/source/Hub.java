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

/**
 * The Hugging Face hub, or a server that speaks as it does, and the cache of what came from it.
 * Thread-safe, and safe beside other processes with the same cache.
 */
public final class Hub {

  private final HubSettings settings;
  private final HubHttp http;

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
   * The branches and tags of a repository, in the hub's order.
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
   * The folder of a checkpoint in the cache. What is there is not asked for again, even if the
   * branch has moved since: name a commit to be sure which one it is. A tokenizer that whoever
   * brought the weights left out is fetched, of the same commit.
   *
   * @throws CheckpointException if there is no such checkpoint, or it cannot be fetched; passing
   *     where the network, the hub or the disk may do better later
   */
  public Path fetch(HubReference reference) {
    HubCache cache = new HubCache(settings.cache(), reference.repository());
    try {
      Optional<Path> cached = cache.snapshot(reference).filter(CheckpointFiles::areWhole);
      if (cached.isEmpty()) {
        requireOnline(reference);
        return download(reference, cache);
      }
      String commit = cached.get().getFileName().toString();
      boolean known =
          TokenizerFiles.ALWAYS_WRITTEN.stream().allMatch(name -> cache.knows(commit, name));
      return known || settings.offline()
          ? cached.get()
          : download(new HubReference(reference.repository(), commit), cache);
    } catch (IOException e) {
      throw CheckpointException.passing(
          "%s: the cache %s cannot be used (%s); check the disk, or set HF_HUB_CACHE"
              .formatted(reference, settings.cache(), e));
    }
  }

  private Path download(HubReference reference, HubCache cache) throws IOException {
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
    for (String name : CheckpointFiles.needed(reference.toString(), available)) {
      if (cache.has(commit, name)) {
        continue;
      }
      String path = "/" + reference.repository() + "/resolve/" + commit + "/" + name;
      HubDownload download =
          new HubDownload(
              http, cache, settings.patience(), reference + "/" + name, http.address(path));
      cache.link(commit, name, download.fetch());
    }
    TokenizerFiles.NAMES.stream()
        .filter(name -> !available.contains(name))
        .forEach(name -> cache.noteAbsent(commit, name));
    cache.point(reference, commit);
    return cache.snapshot(commit);
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
