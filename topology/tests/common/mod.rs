//! Folders that look like a machine's `/sys` and `/proc`, for the tests.
#![allow(dead_code, missing_docs)]

use phalanx_topology::{CpuSet, Topology};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

pub const CPU: &str = "sys/devices/system/cpu";
pub const NODE: &str = "sys/devices/system/node";
pub const GIB: u64 = 1 << 30;

pub fn set(text: &str) -> CpuSet {
    text.parse().expect("a processor list")
}

/// A folder that is removed when the test is done with it.
pub struct Tree {
    root: PathBuf,
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

impl Tree {
    pub fn empty() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "tree-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&root).expect("a scratch folder");
        Self { root }
    }

    /// From the text of a captured tree: `path: content` lines, `\n` for a line's end in a content.
    pub fn captured(text: &str) -> Self {
        let tree = Self::empty();
        for line in text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let (path, content) = line
                .split_once(": ")
                .unwrap_or((line.trim_end_matches(':'), ""));
            tree.file(path, &content.replace("\\n", "\n"));
        }
        tree
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn file(&self, path: &str, content: &str) -> &Self {
        let path = self.root.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, format!("{content}\n")).expect("written");
        self
    }

    pub fn remove(&self, path: &str) -> &Self {
        let path = self.root.join(path);
        if path.is_dir() {
            std::fs::remove_dir_all(path).expect("removed");
        } else {
            std::fs::remove_file(path).expect("removed");
        }
        self
    }

    pub fn topology(&self) -> Topology {
        Topology::from_sysfs_at(&self.root).expect("a topology")
    }

    /// The files and folders below the root, for tests that damage some of them.
    pub fn files(&self) -> Vec<PathBuf> {
        let (mut files, mut folders) = (Vec::new(), vec![self.root.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path)
                } else {
                    files.push(path)
                }
            }
        }
        files.sort();
        files
    }
}

/// A machine in a few lists: sets as cpulists.
#[derive(Default)]
pub struct Machine<'a> {
    pub online: &'a str,
    pub packages: &'a [(usize, &'a str)],
    /// Number, processors, bytes.
    pub nodes: &'a [(usize, &'a str, u64)],
    pub distances: &'a [&'a str],
    /// Level, bytes, processors.
    pub caches: &'a [(u32, u64, &'a str)],
    pub cores: &'a [&'a str],
}

impl Machine<'_> {
    /// Writes what the kernel would show, as lists and (for hwloc) as masks.
    pub fn tree(&self) -> Tree {
        let tree = Tree::empty();
        let online = set(self.online);
        for name in ["online", "present", "possible"] {
            tree.file(&format!("{CPU}/{name}"), self.online);
        }
        for (id, cpus) in self.packages {
            for cpu in &(&set(cpus) & &online) {
                tree.topology_file(cpu, "physical_package_id", &id.to_string());
                tree.topology_set(cpu, "package_cpus", &set(cpus));
                tree.topology_set(cpu, "core_siblings", &set(cpus));
            }
        }
        for (id, cpus) in self.cores.iter().enumerate() {
            for cpu in &(&set(cpus) & &online) {
                tree.topology_file(cpu, "core_id", &id.to_string());
                tree.topology_set(cpu, "core_cpus", &set(cpus));
                tree.topology_set(cpu, "thread_siblings", &set(cpus));
            }
        }
        for cpu in &online {
            tree.caches(cpu, self.cores, self.caches);
        }
        self.node_files(&tree, &online);
        tree
    }

    fn node_files(&self, tree: &Tree, online: &CpuSet) {
        if self.nodes.is_empty() {
            return;
        }
        let numbers: CpuSet = self.nodes.iter().map(|node| node.0).collect();
        for name in ["online", "possible"] {
            tree.file(&format!("{NODE}/{name}"), &numbers.to_string());
        }
        for (at, (number, cpus, bytes)) in self.nodes.iter().enumerate() {
            let folder = format!("{NODE}/node{number}");
            let cpus = &set(cpus) & online;
            tree.file(&format!("{folder}/cpulist"), &cpus.to_string());
            tree.file(&format!("{folder}/cpumap"), &mask(&cpus));
            tree.file(
                &format!("{folder}/meminfo"),
                &format!("Node {number} MemTotal:  {} kB", bytes / 1024),
            );
            if let Some(row) = self.distances.get(at) {
                tree.file(&format!("{folder}/distance"), row);
            }
        }
    }
}

impl Tree {
    fn topology_file(&self, cpu: usize, name: &str, content: &str) {
        self.file(&format!("{CPU}/cpu{cpu}/topology/{name}"), content);
    }

    fn topology_set(&self, cpu: usize, name: &str, cpus: &CpuSet) {
        self.topology_file(cpu, name, &mask(cpus));
        self.topology_file(cpu, &format!("{name}_list"), &cpus.to_string());
    }

    /// A first-level pair for each core, then what is asked for.
    fn caches(&self, cpu: usize, cores: &[&str], caches: &[(u32, u64, &str)]) {
        if caches.is_empty() {
            return;
        }
        let core = cores
            .iter()
            .find(|core| set(core).contains(cpu))
            .map_or(cpu.to_string(), |core| (*core).into());
        let of_core = [
            ("Data", 1, 32768, &*core),
            ("Instruction", 1, 32768, &*core),
        ];
        let shared = caches
            .iter()
            .filter(|cache| set(cache.2).contains(cpu))
            .map(|c| ("Unified", c.0, c.1, c.2));
        for (index, (kind, level, bytes, cpus)) in of_core.into_iter().chain(shared).enumerate() {
            let folder = format!("{CPU}/cpu{cpu}/cache/index{index}");
            self.file(&format!("{folder}/type"), kind);
            self.file(&format!("{folder}/level"), &level.to_string());
            self.file(&format!("{folder}/size"), &format!("{}K", bytes / 1024));
            self.file(&format!("{folder}/shared_cpu_list"), cpus);
            self.file(&format!("{folder}/shared_cpu_map"), &mask(&set(cpus)));
        }
    }

    /// What the process may use: `proc/self/status`.
    pub fn allow(&self, cpus: &str, mems: &str) -> &Self {
        self.file(
            "proc/self/status",
            &format!("Name:\tx\nCpus_allowed_list:\t{cpus}\nMems_allowed_list:\t{mems}"),
        )
    }
}

/// The kernel's mask format: groups of 32 bits in hexadecimal digits, the highest first.
fn mask(cpus: &CpuSet) -> String {
    let groups = cpus.last().map_or(1, |last| last / 32 + 1);
    let group = |at: usize| {
        (0..32)
            .filter(|bit| cpus.contains(at * 32 + bit))
            .fold(0_u32, |word, bit| word | 1 << bit)
    };
    let mut text = String::new();
    for at in (0..groups).rev() {
        let comma = if at > 0 { "," } else { "" };
        write!(text, "{:08x}{comma}", group(at)).expect("written");
    }
    text
}

/// Two packages of two cores with two threads each, a node each, numbered as Linux does.
pub fn smt() -> Machine<'static> {
    Machine {
        online: "0-7",
        packages: &[(0, "0-1,4-5"), (1, "2-3,6-7")],
        nodes: &[(0, "0-1,4-5", 32 << 30), (1, "2-3,6-7", 32 << 30)],
        distances: &["10 21", "21 10"],
        caches: &[
            (2, 1 << 20, "0,4"),
            (2, 1 << 20, "1,5"),
            (2, 1 << 20, "2,6"),
            (2, 1 << 20, "3,7"),
            (3, 16 << 20, "0-1,4-5"),
            (3, 16 << 20, "2-3,6-7"),
        ],
        cores: &["0,4", "1,5", "2,6", "3,7"],
    }
}

/// Everything in which two descriptions of the same machine differ; what only one source knows
/// (quota, notes, and a single node's distance to itself) is left out.
pub fn differences(a: &Topology, b: &Topology) -> Vec<String> {
    compared(a, b, true)
}

/// As [`differences`] for descriptions of a running machine: the memory of a virtual one may grow
/// between the two.
pub fn differences_now(a: &Topology, b: &Topology) -> Vec<String> {
    compared(a, b, false)
}

fn compared(a: &Topology, b: &Topology, exact_memory: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, a: String, b: String| {
        if a != b {
            found.push(format!("{what}: {a} against {b}"));
        }
    };
    compare("online", a.online().to_string(), b.online().to_string());
    compare("usable", a.usable().to_string(), b.usable().to_string());
    compare(
        "packages",
        format!("{:?}", a.packages()),
        format!("{:?}", b.packages()),
    );
    let nodes = |machine: &Topology| {
        let apart = machine.nodes().len() > 1;
        let all = machine.nodes().iter().map(|node| {
            let distances = if apart { node.distances() } else { &[] };
            let memory = node
                .memory()
                .map(|bytes| if exact_memory { bytes } else { bytes.min(1) });
            format!(
                "{} {} {:?} {distances:?} {}",
                node.os_index(),
                node.cpus(),
                memory,
                node.is_allowed()
            )
        });
        all.collect::<Vec<_>>().join("; ")
    };
    compare("nodes", nodes(a), nodes(b));
    compare("llcs", format!("{:?}", a.llcs()), format!("{:?}", b.llcs()));
    compare(
        "cores",
        format!("{:?}", a.cores()),
        format!("{:?}", b.cores()),
    );
    compare("pus", format!("{:?}", a.pus()), format!("{:?}", b.pus()));
    found
}
