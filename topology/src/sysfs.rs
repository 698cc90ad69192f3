//! Linux's own description of the machine: `/sys/devices/system`, `/proc/self/status`, control groups.

use crate::CpuSet;
use crate::assemble::Found;
use crate::cgroup::Limits;
use crate::error::TopologyError;
use crate::machine::{Source, Topology};
use crate::object::{Cache, Core, Location, NumaNode, Package};
use crate::tree::Tree;
use std::path::Path;

const CPU: &str = "sys/devices/system/cpu";
const NODE: &str = "sys/devices/system/node";

impl Topology {
    /// This machine as the Linux kernel describes it.
    ///
    /// The affinity mask is the calling thread's.
    ///
    /// # Errors
    /// [`TopologyError::Unsupported`] outside Linux; [`TopologyError::Read`] or
    /// [`TopologyError::Malformed`] when not even the list of processors can be had. What else is
    /// missing or malformed becomes a [note](Topology::notes).
    pub fn from_sysfs() -> Result<Self, TopologyError> {
        if cfg!(not(any(target_os = "linux", target_os = "android"))) {
            return Err(TopologyError::Unsupported {
                what: "a topology from sysfs",
            });
        }
        let affinity = CpuSet::current_thread();
        let mut machine = read(Path::new("/"), affinity.as_ref().ok())?;
        machine.notes.extend(
            affinity
                .err()
                .map(|error| format!("{error}; the main thread's mask is used")),
        );
        Ok(machine)
    }

    /// A machine from a captured tree: a folder with copies of `sys/devices/system/cpu`,
    /// `sys/devices/system/node`, `proc/self/status` (for the affinity mask and the nodes allowed),
    /// `proc/self/cgroup`, `proc/self/mountinfo` and `sys/fs/cgroup`. Only the first is needed; what
    /// is missing of the others is taken as no restriction.
    ///
    /// # Errors
    /// As [`Topology::from_sysfs`], and the same on every operating system.
    pub fn from_sysfs_at(root: &Path) -> Result<Self, TopologyError> {
        read(root, None)
    }
}

fn read(root: &Path, affinity: Option<&CpuSet>) -> Result<Topology, TopologyError> {
    let mut tree = Tree::new(root);
    let mut found = Found::new(Source::Sysfs, online(&mut tree)?);
    let status = Status::read(&mut tree);
    let limits = Limits::read(&mut tree);
    let mask = affinity.or(status.cpus.as_ref());
    found.usable = narrowed(&mut tree, mask, limits.cpus.as_ref(), "processors");
    found.quota = limits.quota;
    let mems = narrowed(
        &mut tree,
        status.mems.as_ref(),
        limits.mems.as_ref(),
        "NUMA nodes",
    );
    processors(&mut tree, &mut found);
    found.nodes = nodes(&mut tree, &found.online, mems.as_ref());
    found.kinds = kinds(&mut tree, &found.cores);
    for (missing, what) in [
        (found.packages.is_empty(), "packages"),
        (found.llcs.is_empty(), "last-level caches"),
        (found.cores.is_empty(), "cores"),
    ] {
        if missing {
            tree.notes.push(format!("the kernel describes no {what}"));
        }
    }
    found.notes = tree.notes;
    Ok(found.assemble())
}

/// The processors that are online: without them there is no topology.
fn online(tree: &mut Tree) -> Result<CpuSet, TopologyError> {
    let name = format!("{CPU}/online");
    if let Some(online) = tree.list(&name).filter(|cpus| !cpus.is_empty()) {
        return Ok(online);
    }
    let path = tree.path(CPU);
    let folders = tree
        .numbered(CPU, "cpu")
        .map_err(|source| TopologyError::Read {
            path: path.clone(),
            source,
        })?;
    if folders.is_empty() {
        return Err(TopologyError::Malformed {
            path,
            content: tree.text(&name).unwrap_or_default(),
            why: "neither a list of online processors nor a folder of one".into(),
        });
    }
    // An offline processor has no topology folder; if none has one, all count as online.
    let described: CpuSet = folders
        .iter()
        .filter(|cpu| tree.path(&format!("{CPU}/cpu{cpu}/topology")).is_dir())
        .collect();
    let online = if described.is_empty() {
        folders
    } else {
        described
    };
    tree.notes.push(format!(
        "the list of online processors is missing; those with a folder are taken: {online}"
    ));
    Ok(online)
}

/// What `/proc/self/status` says of this process.
#[derive(Default)]
struct Status {
    cpus: Option<CpuSet>,
    mems: Option<CpuSet>,
}

impl Status {
    fn read(tree: &mut Tree) -> Self {
        let name = "proc/self/status";
        let mut status = Self::default();
        let text = tree.text(name).unwrap_or_default();
        for line in text.lines() {
            let (target, list) = if let Some(list) = line.strip_prefix("Cpus_allowed_list:") {
                (&mut status.cpus, list)
            } else if let Some(list) = line.strip_prefix("Mems_allowed_list:") {
                (&mut status.mems, list)
            } else {
                continue;
            };
            match list.parse() {
                Ok(set) => *target = Some(set),
                Err(error) => tree.reject(name, line, &error.to_string()),
            }
        }
        status
    }
}

/// What both allow; the first if they have nothing in common, which only a changing machine shows.
fn narrowed(
    tree: &mut Tree,
    mask: Option<&CpuSet>,
    group: Option<&CpuSet>,
    what: &str,
) -> Option<CpuSet> {
    let (Some(mask), Some(group)) = (mask, group) else {
        return mask.or(group).cloned();
    };
    let both = mask & group;
    if both.is_empty() {
        tree.notes.push(format!(
            "the control group allows the {what} {group} and the mask {mask}; the mask counts"
        ));
        return Some(mask.clone());
    }
    Some(both)
}

/// Packages, cores and last-level caches. Each set is read at its first member only: the rest say the same.
fn processors(tree: &mut Tree, found: &mut Found) {
    let online = found.online.clone();
    let (mut in_package, mut in_core, mut in_cache) = (CpuSet::new(), CpuSet::new(), CpuSet::new());
    for cpu in &online {
        if !in_core.contains(cpu)
            && let Some(cpus) = siblings(tree, cpu, ["core_cpus_list", "thread_siblings_list"])
        {
            in_core = &in_core | &cpus;
            found.cores.push(core(tree, cpu, cpus));
        }
        if !in_package.contains(cpu)
            && let Some((os_index, cpus)) = package(tree, cpu)
        {
            in_package = &in_package | &cpus;
            match found
                .packages
                .iter_mut()
                .find(|package| package.os_index == os_index)
            {
                Some(package) => package.cpus = &package.cpus | &cpus,
                None => found.packages.push(Package { os_index, cpus }),
            }
        }
        if !in_cache.contains(cpu)
            && let Some(cache) = last_level_cache(tree, cpu)
        {
            in_cache = &in_cache | &cache.cpus;
            found.llcs.push(cache);
        }
    }
}

/// The list in the first of these topology files that is there (newer name, older name).
fn siblings(tree: &mut Tree, cpu: usize, files: [&str; 2]) -> Option<CpuSet> {
    let name = |file| format!("{CPU}/cpu{cpu}/topology/{file}");
    let (name, cpus) = files
        .into_iter()
        .find_map(|file| Some((name(file), tree.list(&name(file))?)))?;
    Some(with_itself(tree, cpu, cpus, &name))
}

/// A list read at a processor must hold it; else it is that processor alone.
fn with_itself(tree: &mut Tree, cpu: usize, cpus: CpuSet, name: &str) -> CpuSet {
    if cpus.contains(cpu) {
        return cpus;
    }
    tree.reject(
        name,
        &cpus.to_string(),
        &format!("processor {cpu} is not in its own list; it is taken as alone"),
    );
    CpuSet::from_iter([cpu])
}

fn core(tree: &mut Tree, cpu: usize, cpus: CpuSet) -> Core {
    let id: Option<i64> = tree.value(&format!("{CPU}/cpu{cpu}/topology/core_id"), "a core number");
    Core {
        // -1 is the kernel's word for unknown.
        os_id: id.and_then(|id| usize::try_from(id).ok()),
        cpus,
        capacity: tree.value(&format!("{CPU}/cpu{cpu}/cpu_capacity"), "a capacity"),
        efficiency: None,
        place: Location::default(),
    }
}

fn package(tree: &mut Tree, cpu: usize) -> Option<(usize, CpuSet)> {
    let name = format!("{CPU}/cpu{cpu}/topology/physical_package_id");
    let id: i64 = tree.value(&name, "a package number")?;
    let id = usize::try_from(id).ok()?;
    let cpus = siblings(tree, cpu, ["package_cpus_list", "core_siblings_list"]);
    Some((id, cpus.unwrap_or_else(|| CpuSet::from_iter([cpu]))))
}

/// The highest cache of a processor that holds data.
fn last_level_cache(tree: &mut Tree, cpu: usize) -> Option<Cache> {
    let mut last: Option<(u32, String)> = None;
    for index in 0.. {
        let folder = format!("{CPU}/cpu{cpu}/cache/index{index}");
        let Some(kind) = tree.text(&format!("{folder}/type")) else {
            break;
        };
        let level = tree.value(&format!("{folder}/level"), "a cache level");
        if let Some(level) = level.filter(|_| kind != "Instruction")
            && last.as_ref().is_none_or(|(highest, _)| level > *highest)
        {
            last = Some((level, folder));
        }
    }
    let (level, folder) = last?;
    let name = format!("{folder}/shared_cpu_list");
    let Some(cpus) = tree.list(&name) else {
        tree.notes.push(format!(
            "the level {level} cache of processor {cpu} is left out: it is unknown who shares it"
        ));
        return None;
    };
    let cpus = with_itself(tree, cpu, cpus, &name);
    Some(Cache {
        level,
        size: cache_size(tree, &format!("{folder}/size")),
        cpus,
    })
}

/// `32768K` in bytes; 0 is the kernel's word for unknown.
fn cache_size(tree: &mut Tree, name: &str) -> Option<u64> {
    let text = tree.text(name)?;
    let digits = text.trim_end_matches(['K', 'M', 'G']);
    let unit = match &text[digits.len()..] {
        "" => Some(1),
        "K" => Some(1 << 10),
        "M" => Some(1 << 20),
        "G" => Some(1_u64 << 30),
        _ => None,
    };
    let bytes = unit.and_then(|unit| digits.parse::<u64>().ok()?.checked_mul(unit));
    if bytes.is_none() {
        tree.reject(name, &text, "expected a size such as 512K");
    }
    bytes.filter(|bytes| *bytes > 0)
}

/// The NUMA nodes; a kernel that knows none has one with everything.
fn nodes(tree: &mut Tree, online: &CpuSet, mems: Option<&CpuSet>) -> Vec<NumaNode> {
    let listed = tree.list(&format!("{NODE}/online"));
    let numbers = listed
        .or_else(|| tree.numbered(NODE, "node").ok())
        .unwrap_or_default();
    if numbers.is_empty() {
        tree.notes.push(
            "the kernel describes no NUMA nodes; all processors are taken as one node's".into(),
        );
        let text = tree.text("proc/meminfo").unwrap_or_default();
        let memory = text
            .lines()
            .find_map(|line| kilobytes(line.strip_prefix("MemTotal:")?));
        return vec![NumaNode {
            os_index: 0,
            cpus: online.clone(),
            memory,
            distances: Vec::new(),
            allowed: true,
        }];
    }
    let allowed = |node| mems.is_none_or(|mems| mems.contains(node));
    numbers
        .iter()
        .map(|at| node(tree, at, numbers.len(), allowed(at)))
        .collect()
}

fn node(tree: &mut Tree, os_index: usize, nodes: usize, allowed: bool) -> NumaNode {
    let folder = format!("{NODE}/node{os_index}");
    let cpus = tree.list(&format!("{folder}/cpulist"));
    if cpus.is_none() {
        tree.notes.push(format!(
            "the processors of NUMA node {os_index} are unknown; it is taken to have none"
        ));
    }
    let name = format!("{folder}/distance");
    let row = tree.text(&name).unwrap_or_default();
    let mut distances: Vec<u32> = row
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    if distances.len() != nodes && !row.is_empty() {
        tree.reject(&name, &row, &format!("expected {nodes} distances"));
        distances.clear();
    }
    let name = format!("{folder}/meminfo");
    let text = tree.text(&name);
    let memory = text.as_deref().and_then(|text| {
        text.lines()
            .find_map(|line| kilobytes(line.split_once("MemTotal:")?.1))
    });
    if let (Some(text), None) = (&text, memory) {
        tree.reject(&name, text, "expected a MemTotal in kB");
    }
    NumaNode {
        os_index,
        cpus: cpus.unwrap_or_default(),
        memory,
        distances,
        allowed,
    }
}

/// `  8139052 kB` in bytes.
fn kilobytes(text: &str) -> Option<u64> {
    text.trim()
        .strip_suffix("kB")?
        .trim()
        .parse::<u64>()
        .ok()?
        .checked_mul(1024)
}

/// The kinds of cores, slowest first: by Intel's hybrid units, else by capacity.
fn kinds(tree: &mut Tree, cores: &[Core]) -> Vec<CpuSet> {
    let units = ["cpu_lowpower", "cpu_atom", "cpu_core"];
    let hybrid: Vec<CpuSet> = units
        .iter()
        .filter_map(|unit| tree.list(&format!("sys/devices/{unit}/cpus")))
        .filter(|cpus| !cpus.is_empty())
        .collect();
    if !hybrid.is_empty() {
        return hybrid;
    }
    let mut kinds = std::collections::BTreeMap::<u32, CpuSet>::new();
    for core in cores {
        let Some(capacity) = core.capacity else {
            return Vec::new();
        };
        let kind = kinds.entry(capacity).or_default();
        *kind = &*kind | &core.cpus;
    }
    kinds.into_values().collect()
}
