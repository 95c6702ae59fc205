package dev.gangway.spring;

import dev.gangway.python.PythonApplication;

/** From properties to the settings of a Python application. */
final class PythonSettings {

  private PythonSettings() {}

  static PythonApplication.Builder of(String application, MountProperties mount) {
    PythonApplication.Builder settings =
        PythonApplication.builder(application)
            .pythonpath(mount.pythonpath())
            .python(mount.python())
            .threads(mount.threads())
            .preload(mount.preload())
            .env(mount.env())
            .gracefulTimeout(mount.gracefulTimeout())
            .queueTimeout(mount.queueTimeout())
            .startTimeout(mount.startTimeout())
            .rehearsal(mount.rehearsal())
            .timeout(mount.timeout())
            .slowRequestLog(mount.slowRequestLog())
            .maxRequests(mount.maxRequests())
            .maxRequestsJitter(mount.maxRequestsJitter())
            .maxWorkerLifetime(mount.maxWorkerLifetime())
            .reloadOnRss(mount.reloadOnRss().toBytes())
            .user(mount.user())
            .group(mount.group())
            .umask(mount.umask())
            .limitAs(mount.limitAs().toBytes())
            .limitNofile(mount.limitNofile())
            .limitCpu(mount.limitCpu().toSeconds())
            .backlog(mount.backlog())
            .requestBuffering(mount.requestBuffering())
            .limitRequestBody(mount.limitRequestBody().toBytes())
            .responseBuffer(mount.responseBuffer().toBytes())
            .slots(mount.slots())
            .slotSize(Math.toIntExact(mount.slotSize().toBytes()));
    if (mount.chdir() != null) {
      settings.chdir(mount.chdir());
    }
    if (mount.workers() != null) {
      settings.workers(mount.workers());
    }
    return settings;
  }
}
