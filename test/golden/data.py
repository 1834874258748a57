"""Files by NumPy, safetensors, csv and zipfile for the readers of packages/data: pip install numpy safetensors pyarrow,
then python test/golden/data.py > test/golden/data.json

The other way round, python test/golden/data.py check opens what our writers wrote (test/golden/data-written.json, by
node test/golden/data-written.mjs) with NumPy, safetensors and Arrow, and compares every number."""

import base64
import csv
import io
import json
import sys
import zipfile

import numpy as np
import safetensors.numpy


def encoded(data):
    return base64.b64encode(data).decode()


def npy(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return encoded(out.getvalue())


def npz(save, **arrays):
    out = io.BytesIO()
    save(out, **arrays)
    return encoded(out.getvalue())


def table(dialect, encoding, rows):
    out = io.StringIO(newline="")
    csv.writer(out, dialect).writerows(rows)
    return {"file": encoded(out.getvalue().encode(encoding)), "rows": rows}


def zipped(compression, files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return encoded(out.getvalue())


def fixtures():
    values = (np.arange(24).reshape(6, 4) - 7) * 0.75
    small = (np.arange(24).reshape(6, 4) * 5) % 120
    arrays = []
    for kind in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        for order in "<>":
            array = (values if kind[0] == "f" else small).astype(np.dtype(kind).newbyteorder(order))
            arrays.append((f"{order}{kind}", array, None))
    arrays.append(("bool", small % 2 == 0, None))
    arrays.append(("fortran", np.asfortranarray(values.astype("f4")), None))
    arrays.append(("fortran, big-endian", np.asfortranarray(values.astype(">f8")), None))
    arrays.append(("two sets", np.stack([values, values[::-1]]).astype("f4"), None))
    arrays.append(("two sets, fortran", np.asfortranarray(np.stack([values, values[::-1]]).astype("f4")), None))
    arrays.append(("version 2", values.astype("f4"), (2, 0)))
    arrays.append(("version 3", values.astype("f4"), (3, 0)))
    wide = np.random.default_rng(7).normal(size=(3, 5)).astype("f4")
    other = wide[:, ::-1].copy()
    nasty = [
        ["source", "target"],
        ['say "hi", twice', "two\r\nlines"],
        ["a;b\tc|d", ""],
        ["ünï\U0001f600", '"'],
        [" spaces ", "1,5"],
    ]
    picture = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    folder = {
        "set/": b"",
        "set/a_red-car (2).png": picture,
        "set/cats/IMG_0001.jpg": picture,
        "set/große Katze.png": picture,
        "set/.hidden.png": picture,
        "__MACOSX/set/._a_red-car (2).png": b"x",
    }
    return {
        "npy": [
            {"name": name, "file": npy(array, version), "shape": array.shape, "values": array.ravel().tolist()}
            for name, array, version in arrays
        ],
        "npz": [
            {"name": save.__name__, "file": npz(save, source=wide, target=other.astype("f8"), step=np.array(3))}
            for save in [np.savez, np.savez_compressed]
        ],
        "safetensors": encoded(
            safetensors.numpy.save({"source": wide, "target": other.astype("f2"), "step": np.array([3])})
        ),
        "wide": wide.tolist(),
        "objects": npy(np.array([{"a": 1}, None], dtype=object)),
        "records": npy(np.zeros(2, dtype=[("a", "f4"), ("b", "i4")])),
        "complex": npy(np.zeros((2, 2), dtype="c8")),
        "tables": [
            {"name": f"{dialect}, {encoding}", **table(dialect, encoding, nasty)}
            for dialect in ["excel", "excel-tab", "unix"]
            for encoding in ["utf-8", "utf-8-sig", "utf-16"]
        ],
        "zips": [
            {"name": "deflated", "file": zipped(zipfile.ZIP_DEFLATED, folder)},
            {"name": "stored", "file": zipped(zipfile.ZIP_STORED, folder)},
        ],
        "escaping": zipped(zipfile.ZIP_DEFLATED, {"../up.png": picture, "/root.png": picture, "fine.png": picture}),
        # 8 MB of zeros in 8 kB.
        "bomb": zipped(zipfile.ZIP_DEFLATED, {"big.png": bytes(8_000_000), "small.png": picture}),
    }


def check():
    import pyarrow.parquet

    with open(sys.path[0] + "/data-written.json") as file:
        written = json.load(file)
    files = {name: base64.b64decode(data) for name, data in written["files"].items()}
    expected = {name: np.array(rows, dtype="f4") for name, rows in written["rows"].items()}

    for name, rows in expected.items():
        loaded = np.load(io.BytesIO(files[f"{name}.npy"]))
        assert loaded.dtype == np.float32 and loaded.shape == rows.shape and (loaded == rows).all(), name
        again = io.BytesIO()
        np.save(again, loaded)
        assert again.getvalue() == files[f"{name}.npy"], f"{name}: other bytes than NumPy's"

    tensors = safetensors.numpy.load(files["both.safetensors"])
    assert tensors.keys() == expected.keys()
    for name, rows in expected.items():
        assert tensors[name].dtype == np.float32 and (tensors[name] == rows).all(), name

    table = pyarrow.parquet.read_table(io.BytesIO(files["both.parquet"]))
    assert table.column("text").to_pylist() == written["texts"]
    assert table.column("score").to_pylist() == written["scores"]
    for name, rows in expected.items():
        assert str(table.schema.field(name).type.value_type) == "float"
        assert (np.array(table.column(name).to_pylist(), dtype="f4") == rows).all(), name
    print(f"NumPy {np.__version__}, safetensors {safetensors.__version__}, Arrow {pyarrow.__version__}: all as written")
    print(table.schema)


if sys.argv[1:] == ["check"]:
    check()
else:
    print(json.dumps(fixtures()))
