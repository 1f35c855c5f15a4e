# ruff: noqa
# fmt: off
import os
from os import environ, getenv

os.environ["HOME"]  # env.read Variable HOME
os.environ.get("PATH", "")  # env.read Variable PATH
os.getenv("API_TOKEN")  # secret.read Variable API_TOKEN
getenv("LANG")  # env.read Variable LANG
environ["DATABASE_URL"]  # secret.read Variable DATABASE_URL
print(os.environ)  # env.read Variable ? ~
os.environ[input()]  # env.read Variable ? ~
os.environ["X"] = "1"
os.environ.update(A="1")
