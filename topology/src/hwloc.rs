//! libhwloc, through `hwlocality`: all of this crate that touches either.

use crate::CpuSet;
use crate::assemble::Found;
use crate::error::{TopologyError, short};
use crate::machine::{Source, Topology};
use crate::object::{Cache, Core, Location, NumaNode, Package};
use hwlocality::Topology as Hwloc;
use hwlocality::cpu::binding::CpuBindingFlags;
use hwlocality::object::TopologyObject;
use hwlocality::object::attributes::ObjectAttributes;
use hwlocality::object::types::ObjectType;
use hwlocality::topology::builder::{BuildFlags, TopologyBuilder};
use std::fmt::Display;
use std::path::Path;

impl Topology {
    /// This machine as libhwloc describes it, what this process may not use included.
    ///
    /// hwloc is asked for disallowed objects too (`INCLUDE_DISALLOWED`) instead of restricting its
    /// tree, so that the lists hold the whole machine as with sysfs; usable is hwloc's allowed
    /// cpuset (control groups) where it meets the calling thread's binding. hwloc knows no CPU
    /// quota, so that on Linux it comes from the control groups as with sysfs. Of a single node it
    /// tells no distance.
    ///
    /// # Errors
    /// [`TopologyError::Hwloc`] when libhwloc fails.
    pub fn from_hwloc() -> Result<Self, TopologyError> {
        let builder = Ok::<_, TopologyError>(TopologyBuilder::new());
        let machine = build(builder, "discovery", "this machine")?;
        let mut found = found(&machine, Source::Hwloc);
        match machine.cpu_binding(CpuBindingFlags::THREAD) {
            Ok(bound) => {
                found.usable = found
                    .usable
                    .map(|allowed| &allowed & &numbers(bound.iter_set()))
            }
            Err(error) => found.notes.push(format!(
                "hwloc does not tell the thread's binding ({error})"
            )),
        }
        quota(&mut found);
        Ok(found.assemble())
    }

    /// A machine from hwloc's XML, as `lstopo --of xml` writes it: the text itself. Usable is what
    /// the XML calls allowed.
    ///
    /// # Errors
    /// [`TopologyError::Hwloc`] when libhwloc does not understand it.
    pub fn from_hwloc_xml(xml: &str) -> Result<Self, TopologyError> {
        let builder = TopologyBuilder::new().from_xml(xml);
        let machine = build(builder, "XML import", xml)?;
        Ok(found(&machine, Source::HwlocXml).assemble())
    }

    /// As [`Topology::from_hwloc_xml`], from a file.
    ///
    /// # Errors
    /// [`TopologyError::Read`] when the file cannot be read, [`TopologyError::Hwloc`] when libhwloc
    /// does not understand it.
    pub fn from_hwloc_xml_file(path: &Path) -> Result<Self, TopologyError> {
        // Read here: hwlocality's own reader panics on a file that is missing.
        let read = |source| TopologyError::Read {
            path: path.into(),
            source,
        };
        Self::from_hwloc_xml(&std::fs::read_to_string(path).map_err(read)?)
    }

    /// A machine from hwloc's synthetic description, such as `node:4 core:2 pu:2`.
    ///
    /// # Errors
    /// [`TopologyError::Hwloc`] when libhwloc does not understand it.
    pub fn from_hwloc_synthetic(description: &str) -> Result<Self, TopologyError> {
        let builder = TopologyBuilder::new().from_synthetic(description);
        let machine = build(builder, "synthetic description", description)?;
        Ok(found(&machine, Source::HwlocSynthetic).assemble())
    }
}

fn build<E: Display>(
    builder: Result<TopologyBuilder, E>,
    call: &'static str,
    what: &str,
) -> Result<Hwloc, TopologyError> {
    let fail = |why: String| TopologyError::Hwloc {
        call,
        what: short(what),
        why,
    };
    // The x86 backend would bind this thread to each processor in turn.
    let flags = BuildFlags::INCLUDE_DISALLOWED | BuildFlags::DONT_CHANGE_BINDING;
    let builder = builder.map_err(|error| fail(error.to_string()))?;
    let builder = builder
        .with_flags(flags)
        .map_err(|error| fail(error.to_string()))?;
    builder.build().map_err(|error| fail(error.to_string()))
}

/// What a hwloc tree says.
fn found(machine: &Hwloc, source: Source) -> Found {
    let mut found = Found::new(source, numbers(machine.cpuset().iter_set()));
    found.usable = Some(numbers(machine.allowed_cpuset().iter_set()));
    let index = |object: &TopologyObject| object.os_index().filter(|index| *index < CpuSet::LIMIT);
    for package in machine.objects_with_type(ObjectType::Package) {
        match index(package) {
            Some(os_index) => found.packages.push(Package {
                os_index,
                cpus: cpus(package),
            }),
            None => found
                .notes
                .push("hwloc gives a package no number; it is left out".into()),
        }
    }
    for core in machine.objects_with_type(ObjectType::Core) {
        found.cores.push(Core {
            os_id: index(core),
            cpus: cpus(core),
            capacity: None,
            efficiency: None,
            place: Location::default(),
        });
    }
    found.llcs = last_level_caches(machine);
    found.nodes = nodes(machine);
    kinds(machine, &mut found);
    found
}

/// hwloc's numbers as a set; those beyond our limit, of which no machine has any, are left out.
fn numbers(indices: impl Iterator<Item = impl Into<usize>>) -> CpuSet {
    indices
        .map(Into::into)
        .take_while(|number| *number < CpuSet::LIMIT)
        .collect()
}

fn cpus(object: &TopologyObject) -> CpuSet {
    object
        .cpuset()
        .map(|cpus| numbers(cpus.iter_set()))
        .unwrap_or_default()
}

/// For each hardware thread the data cache farthest from it; each once.
fn last_level_caches(machine: &Hwloc) -> Vec<Cache> {
    let mut caches = Vec::new();
    let mut seen = CpuSet::new();
    for pu in machine.objects_with_type(ObjectType::PU) {
        let known = pu.os_index().is_none_or(|cpu| seen.contains(cpu));
        let is_data = |object: &&TopologyObject| object.object_type().is_cpu_data_cache();
        let Some(cache) = pu.ancestors().filter(is_data).last().filter(|_| !known) else {
            continue;
        };
        let Some(ObjectAttributes::Cache(attributes)) = cache.attributes() else {
            continue;
        };
        let cpus = cpus(cache);
        seen = &seen | &cpus;
        let level = u32::try_from(attributes.depth()).unwrap_or(u32::MAX);
        caches.push(Cache {
            level,
            size: attributes.size().map(u64::from),
            cpus,
        });
    }
    caches
}

/// The NUMA nodes with their distances.
fn nodes(machine: &Hwloc) -> Vec<NumaNode> {
    let allowed = numbers(machine.allowed_nodeset().iter_set());
    let mut nodes: Vec<NumaNode> = machine
        .objects_with_type(ObjectType::NUMANode)
        .filter_map(|object| {
            let os_index = object.os_index().filter(|index| *index < CpuSet::LIMIT)?;
            let memory = match object.attributes() {
                Some(ObjectAttributes::NUMANode(attributes)) => {
                    Some(attributes.local_memory().map_or(0, u64::from))
                }
                _ => None,
            };
            let (cpus, allowed) = (cpus(object), allowed.contains(os_index));
            Some(NumaNode {
                os_index,
                cpus,
                memory,
                distances: Vec::new(),
                allowed,
            })
        })
        .collect();
    own_processors(&mut nodes);
    nodes.sort_by_key(|node| node.os_index);
    distances(machine, &mut nodes);
    nodes
}

/// Gives each processor to one node. hwloc ties a node without processors to the object that it
/// hangs on and gives it that one's cpuset: the package, the machine, or a part that has a node of
/// its own. So the smallest cpuset has a processor; of equal ones the lowest number's, as Linux
/// numbers memory without processors last.
fn own_processors(nodes: &mut [NumaNode]) {
    let mut seen = CpuSet::new();
    nodes.sort_by_key(|node| (node.cpus.len(), node.os_index));
    for node in nodes {
        node.cpus = &node.cpus - &seen;
        seen = &seen | &node.cpus;
    }
}

/// Takes over the operating system's latencies between nodes, if there are some for all of them.
fn distances(machine: &Hwloc, nodes: &mut [NumaNode]) {
    let matrices = machine
        .distances_with_name("NUMALatency")
        .unwrap_or_default();
    let Some(matrix) = matrices.first() else {
        return;
    };
    let objects: Vec<Option<usize>> = matrix.objects().map(|object| object?.os_index()).collect();
    let position = |node: &NumaNode| objects.iter().position(|at| *at == Some(node.os_index));
    let Some(order) = nodes.iter().map(position).collect::<Option<Vec<usize>>>() else {
        return;
    };
    let between = |from: usize, to: usize| {
        let value = matrix.distances().get(from * objects.len() + to)?;
        u32::try_from(*value).ok()
    };
    for (node, &from) in nodes.iter_mut().zip(&order) {
        let row: Option<Vec<u32>> = order.iter().map(|&to| between(from, to)).collect();
        node.distances = row.unwrap_or_default();
    }
}

/// The kinds of cores, slowest first, and the capacities that Linux gave them.
fn kinds(machine: &Hwloc, found: &mut Found) {
    let Ok(kinds) = machine.cpu_kinds() else {
        return;
    };
    let mut ranked = Vec::new();
    for kind in kinds {
        let cpus = numbers(kind.cpuset.iter_set());
        let capacity = kind
            .infos
            .iter()
            .find(|info| info.name().to_bytes() == b"LinuxCapacity");
        let capacity = capacity.and_then(|info| info.value().to_str().ok()?.parse().ok());
        for core in found
            .cores
            .iter_mut()
            .filter(|core| core.cpus.is_subset(&cpus))
        {
            core.capacity = capacity;
        }
        ranked.extend(kind.efficiency.map(|efficiency| (efficiency, cpus)));
    }
    ranked.sort_by_key(|(efficiency, _)| *efficiency);
    found.kinds = ranked.into_iter().map(|(_, cpus)| cpus).collect();
}

fn quota(found: &mut Found) {
    let mut tree = crate::tree::Tree::new(Path::new("/"));
    found.quota = crate::cgroup::Limits::read(&mut tree).quota;
    found.notes.append(&mut tree.notes);
}
