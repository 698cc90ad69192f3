//! Plates from pictures, and pictures of plates.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

/// Temperatures in degrees, row after row.
pub struct Plate {
    pub rows: usize,
    pub cols: usize,
    pub cells: Vec<f64>,
}

impl Plate {
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.cells[i * self.cols + j]
    }
}

/// Pictures beyond this many cells would need tens of gigabytes.
const MOST: u64 = 400_000_000;

/// Reads any PNG: grey or colour, any depth. White is 100 degrees, black is 0.
pub fn read(path: &Path) -> Result<Plate, String> {
    let fail = |why: &dyn std::fmt::Display| format!("--input {}: {why}", path.display());
    let file = File::open(path).map_err(|e| fail(&e))?;
    let mut decoder = png::Decoder::new(BufReader::new(file));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder
        .read_info()
        .map_err(|e| fail(&format!("not a PNG picture: {e}")))?;
    let (cols, rows) = reader.info().size();
    if rows < 3 || cols < 3 {
        return Err(fail(&format!(
            "{cols} x {rows} pixels: a plate needs at least 3 x 3"
        )));
    }
    if u64::from(rows) * u64::from(cols) > MOST {
        return Err(fail(&format!(
            "{cols} x {rows} pixels are more than {MOST}"
        )));
    }
    let size = reader
        .output_buffer_size()
        .ok_or_else(|| fail(&"too large"))?;
    let mut bytes = vec![0; size];
    let frame = reader
        .next_frame(&mut bytes)
        .map_err(|e| fail(&format!("damaged: {e}")))?;
    let channels = frame.color_type.samples();
    let cells = bytes[..frame.buffer_size()]
        .chunks_exact(channels)
        .map(degrees)
        .collect();
    Ok(Plate {
        rows: rows as usize,
        cols: cols as usize,
        cells,
    })
}

/// The brightness of a pixel, 0 to 100. Transparent pixels are dark.
fn degrees(pixel: &[u8]) -> f64 {
    let p = |k: usize| f64::from(pixel[k]);
    let (light, opaque) = match pixel.len() {
        1 => (p(0), 255.0),
        2 => (p(0), p(1)),
        3 => (0.2126 * p(0) + 0.7152 * p(1) + 0.0722 * p(2), 255.0),
        _ => (0.2126 * p(0) + 0.7152 * p(1) + 0.0722 * p(2), p(3)),
    };
    light / 255.0 * opaque / 255.0 * 100.0
}

/// A cold plate with a hot coil winding outwards, a few hot rivets, and a warm lower rim.
pub fn built_in(rows: usize, cols: usize) -> Plate {
    let cell = |i: usize, j: usize| {
        if i + 1 == rows {
            return 60.0;
        }
        // Coordinates from -1 to 1.
        let y = 2.0 * i as f64 / (rows - 1) as f64 - 1.0;
        let x = 2.0 * j as f64 / (cols - 1) as f64 - 1.0;
        let (r, angle) = (x.hypot(y), y.atan2(x));
        let turn = (angle / std::f64::consts::TAU + 1.0).fract();
        // Distance to the nearest arm of a spiral of pitch 0.16.
        let off = ((r / 0.16 - turn + 0.5).rem_euclid(1.0) - 0.5).abs() * 0.16;
        let rivet = |cx: f64, cy: f64| (x - cx).hypot(y - cy) < 0.035;
        let rivets = [-0.9, 0.9]
            .iter()
            .any(|&cx| [-0.9, 0.9].iter().any(|&cy| rivet(cx, cy)));
        if (r < 0.75 && r > 0.05 && off < 0.022) || rivets {
            100.0
        } else {
            5.0 * (1.0 - y)
        }
    };
    let cells = (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j)));
    Plate {
        rows,
        cols,
        cells: cells.map(|(i, j)| cell(i, j)).collect(),
    }
}

/// From cold to hot: night blue, violet, red, orange, yellow, nearly white.
const COLOURS: [[f64; 3]; 8] = [
    [4.0, 6.0, 26.0],
    [38.0, 17.0, 84.0],
    [98.0, 21.0, 110.0],
    [163.0, 36.0, 92.0],
    [218.0, 68.0, 54.0],
    [246.0, 124.0, 20.0],
    [250.0, 193.0, 46.0],
    [252.0, 253.0, 191.0],
];

fn colour(share: f64) -> [u8; 3] {
    let at = share.clamp(0.0, 1.0) * (COLOURS.len() - 1) as f64;
    let k = (at as usize).min(COLOURS.len() - 2);
    let t = at - k as f64;
    std::array::from_fn(|c| (COLOURS[k][c] * (1.0 - t) + COLOURS[k + 1][c] * t).round() as u8)
}

/// Writes a plate as a picture, its own coldest and hottest cell at the ends of the colours.
pub fn write(path: &Path, cells: &[f64], cols: usize) -> Result<(), String> {
    let (low, high) = cells
        .iter()
        .fold((f64::MAX, f64::MIN), |(l, h), &c| (l.min(c), h.max(c)));
    let span = if high > low { high - low } else { 1.0 };
    let bytes: Vec<u8> = cells
        .iter()
        .flat_map(|c| colour((c - low) / span))
        .collect();
    let fail = |e: &dyn std::fmt::Display| format!("--output {}: {e}", path.display());
    let file = File::create(path).map_err(|e| fail(&e))?;
    let (cols, rows) = (cols as u32, (cells.len() / cols) as u32);
    let mut encoder = png::Encoder::new(BufWriter::new(file), cols, rows);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().map_err(|e| fail(&e))?;
    writer.write_image_data(&bytes).map_err(|e| fail(&e))?;
    writer.finish().map_err(|e| fail(&e))
}
