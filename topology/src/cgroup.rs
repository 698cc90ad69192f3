//! Linux control groups: which processors and nodes a process may use, and how much time.

use crate::CpuSet;
use crate::tree::Tree;

/// What the control groups of this process allow; `None` is no restriction.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    pub(crate) cpus: Option<CpuSet>,
    pub(crate) mems: Option<CpuSet>,
    /// In processors' worth.
    pub(crate) quota: Option<f64>,
}

/// A mounted hierarchy.
struct Mount {
    /// The path in the hierarchy that is mounted.
    root: String,
    /// Where.
    point: String,
    /// The controllers of a version 1 hierarchy; `None` for version 2.
    controllers: Option<Vec<String>>,
}

impl Mount {
    /// Whether it is of version 1 and has this controller.
    fn has(&self, controller: &str) -> bool {
        self.controllers
            .as_ref()
            .is_some_and(|names| names.iter().any(|name| name == controller))
    }
}

impl Limits {
    /// Reads `/proc/self/cgroup`, `/proc/self/mountinfo` and the groups' files.
    pub(crate) fn read(tree: &mut Tree) -> Self {
        let mut limits = Self::default();
        let Some(membership) = tree.text("proc/self/cgroup") else {
            return limits;
        };
        let mounts = mounts(tree);
        for line in membership.lines() {
            let mut fields = line.splitn(3, ':').skip(1);
            match (fields.next(), fields.next()) {
                (Some(""), Some(path)) => limits.unified(tree, &mounts, path),
                (Some(names), Some(path)) => limits.version_1(tree, &mounts, names, path),
                _ => tree.reject(
                    "proc/self/cgroup",
                    line,
                    "expected `number:controllers:path`",
                ),
            }
        }
        limits
    }

    /// Version 2: the quota of every group up to the root, the cpuset of the nearest that has one.
    fn unified(&mut self, tree: &mut Tree, mounts: &[Mount], path: &str) {
        let Some(mount) = mounts.iter().find(|mount| mount.controllers.is_none()) else {
            return;
        };
        let groups = groups(tree, mount, path);
        for group in &groups {
            let quota = quota_v2(tree, group);
            self.at_most(quota);
        }
        self.cpuset(tree, &groups);
    }

    /// Version 1: the same from the hierarchies of the two controllers, if this is one of them.
    fn version_1(&mut self, tree: &mut Tree, mounts: &[Mount], controllers: &str, path: &str) {
        for wanted in controllers
            .split(',')
            .filter(|name| ["cpu", "cpuset"].contains(name))
        {
            let Some(mount) = mounts.iter().find(|mount| mount.has(wanted)) else {
                continue;
            };
            let groups = groups(tree, mount, path);
            if wanted == "cpuset" {
                self.cpuset(tree, &groups);
                continue;
            }
            for group in groups {
                let quota = quota_v1(tree, &group);
                self.at_most(quota);
            }
        }
    }

    /// The cpuset of the nearest group that has one. The names are those of version 2, then of 1.
    fn cpuset(&mut self, tree: &mut Tree, groups: &[String]) {
        let mut nearest = |names: [&str; 3]| {
            let files = groups
                .iter()
                .flat_map(|group| names.map(|name| format!("{group}/{name}")));
            files
                .into_iter()
                .find_map(|file| tree.list(&file).filter(|list| !list.is_empty()))
        };
        if self.cpus.is_none() {
            self.cpus = nearest([
                "cpuset.cpus.effective",
                "cpuset.effective_cpus",
                "cpuset.cpus",
            ]);
        }
        if self.mems.is_none() {
            self.mems = nearest([
                "cpuset.mems.effective",
                "cpuset.effective_mems",
                "cpuset.mems",
            ]);
        }
    }

    fn at_most(&mut self, quota: Option<f64>) {
        if let Some(quota) = quota {
            self.quota = Some(self.quota.map_or(quota, |so_far| so_far.min(quota)));
        }
    }
}

/// The folders of a group and its ancestors, nearest first, up to what is mounted.
fn groups(tree: &Tree, mount: &Mount, path: &str) -> Vec<String> {
    let below = path
        .strip_prefix(mount.root.trim_end_matches('/'))
        .unwrap_or("");
    let parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
    let mut groups = vec![mount.point.trim_end_matches('/').to_owned()];
    // A group outside what is mounted (another container's view) leaves only the mounted top.
    if (below.is_empty() || below.starts_with('/')) && !parts.contains(&"..") {
        for part in parts {
            groups.push(format!("{}/{part}", groups[groups.len() - 1]));
        }
    }
    groups.retain(|group| tree.path(group).is_dir());
    groups.reverse();
    groups
}

/// `cpu.max`: `max 100000`, or `150000 100000` for 1.5 processors.
fn quota_v2(tree: &mut Tree, group: &str) -> Option<f64> {
    let name = format!("{group}/cpu.max");
    let text = tree.text(&name)?;
    let mut words = text.split_whitespace();
    let quota = words.next()?;
    if quota == "max" {
        return None;
    }
    let period = words.next().unwrap_or("100000");
    let quota = processors(quota.parse().ok(), period.parse().ok());
    if quota.is_none() {
        tree.reject(&name, &text, "expected a time and a period in microseconds");
    }
    quota
}

/// `cpu.cfs_quota_us` over `cpu.cfs_period_us`; a negative quota is none.
fn quota_v1(tree: &mut Tree, group: &str) -> Option<f64> {
    let quota: i64 = tree.value(&format!("{group}/cpu.cfs_quota_us"), "microseconds")?;
    let quota = u64::try_from(quota).ok()?;
    let name = format!("{group}/cpu.cfs_period_us");
    let period: u64 = tree.value(&name, "microseconds")?;
    let quota = processors(Some(quota), Some(period));
    if quota.is_none() {
        tree.reject(&name, &period.to_string(), "expected a period above 0");
    }
    quota
}

#[allow(clippy::cast_precision_loss)]
fn processors(quota: Option<u64>, period: Option<u64>) -> Option<f64> {
    let (quota, period) = (quota?, period.filter(|period| *period > 0)?);
    Some(quota as f64 / period as f64)
}

/// The mounted hierarchies; where `mountinfo` is missing, those at their usual places.
fn mounts(tree: &mut Tree) -> Vec<Mount> {
    if let Some(text) = tree.text("proc/self/mountinfo") {
        return text.lines().filter_map(mount).collect();
    }
    let usual = |point: &str, controllers: Option<&[&str]>| Mount {
        root: "/".into(),
        point: point.into(),
        controllers: controllers.map(|names| names.iter().map(|&name| name.into()).collect()),
    };
    let unified = |point: &str| tree.path(&format!("{point}/cgroup.controllers")).is_file();
    let mut mounts: Vec<Mount> = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]
        .into_iter()
        .filter(|point| unified(point))
        .map(|point| usual(point, None))
        .collect();
    for (point, controller) in [
        ("/sys/fs/cgroup/cpu", "cpu"),
        ("/sys/fs/cgroup/cpu,cpuacct", "cpu"),
        ("/sys/fs/cgroup/cpuset", "cpuset"),
    ] {
        if tree.path(point).is_dir() {
            mounts.push(usual(point, Some(&[controller])));
        }
    }
    mounts
}

/// A line of `mountinfo`, if it is of a control group hierarchy.
fn mount(line: &str) -> Option<Mount> {
    let (before, after) = line.split_once(" - ")?;
    let mut before = before.split(' ').skip(3);
    let (root, point) = (before.next()?, before.next()?);
    let mut after = after.split(' ');
    let (kind, _device, options) = (after.next()?, after.next()?, after.next()?);
    let controllers = match kind {
        "cgroup2" => None,
        "cgroup" => Some(options.split(',').map(str::to_owned).collect()),
        _ => return None,
    };
    Some(Mount {
        root: unescaped(root),
        point: unescaped(point),
        controllers,
    })
}

/// Undoes the kernel's `\040` for a space and its kin.
fn unescaped(text: &str) -> String {
    let mut plain = Vec::new();
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes {
        let code = rest
            .get(..3)
            .and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 8).ok());
        match (first, code) {
            (b'\\', Some(code)) => {
                plain.push(code);
                bytes = &rest[3..];
            }
            _ => {
                plain.push(*first);
                bytes = rest;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}
