"""Pictures of one pixel, for to render one takes seconds: ``python -m tests.one_pixel lab run …`` writes such."""

import base64
import sys

SMALL = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    "png": base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
    ),
}


def savefig(picture, file, **how):  # in the place of Picture.savefig
    """Write one pixel in the format that is asked for."""
    file.write(SMALL[how["format"]])


if __name__ == "__main__":
    from chainrule.cli import main
    from chainrule.plot.picture import Picture

    Picture.savefig = savefig
    sys.argv[0] = "chainrule"
    main()
