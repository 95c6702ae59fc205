package dev.gangway.spring;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * One mount. The names and the defaults are those of {@link dev.gangway.python.PythonSetting}.
 *
 * <p>The configuration processor takes the first tag that begins with a property's name for its
 * description, so python comes before pythonpath.
 *
 * @param enabled Whether it is mounted.
 * @param path Where it is mounted, below the context path; "/" is the root.
 * @param bean Name of the GatewayApplication bean that answers, instead of a Python application.
 * @param application The Python application: module:callable, module (meaning module:application)
 *     or module:factory().
 * @param applicationType The contract that it speaks: wsgi, asgi, or auto, which looks at the
 *     callable.
 * @param chdir Folder to run in, from which the application is imported; by default the current
 *     folder. One that the class path carries, such as "classpath:/python/", is unpacked.
 * @param requirements File of pip with the packages that the application needs, relative to chdir
 *     or on the class path; a virtual environment with them is made by the first start.
 * @param wheels Folder with every package that the requirements name, relative to chdir or on the
 *     class path, so that no package index is asked.
 * @param installTimeout How long making that virtual environment may take.
 * @param staticMap Folders of static files, relative to chdir, by the path below the mount at which
 *     they are served.
 * @param python The interpreter, or the folder of a virtual environment, relative to chdir.
 * @param pythonpath More folders to import from, relative to chdir.
 * @param workers Number of worker processes; by default the number of processors.
 * @param threads Number of threads in each worker process.
 * @param preload Whether one process imports the application and forks the workers, which share its
 *     memory.
 * @param env Environment variables of the workers.
 * @param gracefulTimeout How long requests in hand may take when the application is closed.
 * @param queueTimeout How long a request may wait for a worker before it gets 503.
 * @param startTimeout How long a worker may take to import the application and to answer the
 *     rehearsal.
 * @param rehearsal A path, or a URL for another host than localhost, to which a GET request must be
 *     answered with a status below 500 before a new worker takes requests.
 * @param timeout How long a worker may be silent while it answers before the client gets 504 and
 *     the worker is replaced; 0 for any time.
 * @param slowRequestLog A request that a worker has been busy with for longer is logged once, with
 *     its Python stack; 0 for none.
 * @param maxRequests After how many requests a worker is replaced; 0 for never.
 * @param maxRequestsJitter The most that is added to max-requests by chance.
 * @param maxWorkerLifetime After how long a worker is replaced; 0 for never.
 * @param reloadOnRss A worker that takes more resident memory is replaced; 0 for any size.
 * @param user The user that the workers run as; needs root.
 * @param group The group that the workers run as; needs root.
 * @param umask The workers' umask, octal, in quotes and with a 0 in front, such as "027".
 * @param limitAs The largest address space of a worker; 0 for any size.
 * @param limitNofile The most files that a worker may have open; 0 for what the system permits.
 * @param limitCpu The most processor time that a worker may take before it is killed and replaced;
 *     0 for any time.
 * @param backlog How many requests may wait while all slots are taken; more get 503.
 * @param requestBuffering Whether a body is received as a whole before the application runs.
 * @param limitRequestBody The largest request body; a larger one gets 413; 0 for any size.
 * @param responseBuffer How much of a response may wait in a temporary file for a slow client
 *     before its worker waits; 0 for none.
 * @param responseBufferTotal How much room on disk such responses may take together; 0 for half of
 *     what is free there when the application starts.
 * @param slots How many requests may be with the workers at once, queued or running.
 * @param slotSize Shared memory for each of them; larger responses go through it in parts.
 * @param reload Whether changed source files replace the workers; by default if there is
 *     spring-boot-devtools.
 */
public record MountProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String path,
    @Nullable String bean,
    @Nullable String application,
    @DefaultValue("auto") String applicationType,
    @Nullable String chdir,
    @Nullable String requirements,
    @Nullable String wheels,
    @DefaultValue("5m") @DurationUnit(ChronoUnit.SECONDS) Duration installTimeout,
    @DefaultValue Map<String, Path> staticMap,
    @DefaultValue("python3") String python,
    @DefaultValue List<Path> pythonpath,
    @Nullable Integer workers,
    @DefaultValue("1") int threads,
    @DefaultValue("false") boolean preload,
    @DefaultValue Map<String, String> env,
    @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS) Duration gracefulTimeout,
    @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS) Duration queueTimeout,
    @DefaultValue("60s") @DurationUnit(ChronoUnit.SECONDS) Duration startTimeout,
    @DefaultValue("") String rehearsal,
    @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS) Duration timeout,
    @DefaultValue("0s") @DurationUnit(ChronoUnit.SECONDS) Duration slowRequestLog,
    @DefaultValue("0") int maxRequests,
    @DefaultValue("0") int maxRequestsJitter,
    @DefaultValue("0s") @DurationUnit(ChronoUnit.SECONDS) Duration maxWorkerLifetime,
    @DefaultValue("0B") DataSize reloadOnRss,
    @DefaultValue("") String user,
    @DefaultValue("") String group,
    @DefaultValue("") String umask,
    @DefaultValue("0B") DataSize limitAs,
    @DefaultValue("0") int limitNofile,
    @DefaultValue("0s") @DurationUnit(ChronoUnit.SECONDS) Duration limitCpu,
    @DefaultValue("2048") int backlog,
    @DefaultValue("true") boolean requestBuffering,
    @DefaultValue("0B") DataSize limitRequestBody,
    @DefaultValue("16MB") DataSize responseBuffer,
    @DefaultValue("0B") DataSize responseBufferTotal,
    @DefaultValue("256") int slots,
    @DefaultValue("64KB") DataSize slotSize,
    @Nullable Boolean reload) {}
