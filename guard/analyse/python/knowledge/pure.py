"""Libraries that compute: every name in them without a line of its own has no effect."""

STDLIB = """
__future__ abc argparse array ast base64 binascii bisect calendar cmath collections collections.abc colorsys
contextlib contextvars copy csv dataclasses datetime decimal difflib dis email enum errno fnmatch fractions functools
genericpath getopt gettext graphlib hashlib heapq hmac html html.parser html.entities http ipaddress itertools json keyword locale math
mimetypes numbers opcode operator optparse pprint queue quopri random re reprlib secrets sched select selectors shlex stat statistics
string stringprep struct symtable sre_constants sre_parse textwrap this time token tokenize tomllib traceback tracemalloc types typing
unicodedata uuid warnings weakref xml xml.etree xml.etree.ElementTree xml.dom xml.sax zlib zoneinfo unittest doctest timeit
concurrent concurrent.futures os.path posixpath ntpath urllib urllib.parse urllib.error _collections_abc crypt binhex curses.ascii
_random _bisect _heapq _operator _functools _struct _json _csv _decimal _datetime _statistics _string _strptime cgi rlcompleter
imghdr sndhdr sunau audioop chunk pickletools plistlib readline nturl2path resource grp pwd platform threading _thread atexit asyncio
bz2 lzma gzip _collections _weakref _weakrefset _hashlib _sha1 _sha256 _sha512 _sha3 _md5 _blake2 _abc _py_abc _ast _tokenize _symtable
_markupbase _locale _queue _pydecimal _warnings _typing _zoneinfo _uuid _opcode _stat _compression _tracemalloc
configparser logging logging.handlers cProfile profile pstats trace io netrc tabnanny pyclbr
turtle tkinter curses cmd lib2to3 winsound wave gc
"""

LIBRARIES = """
numpy scipy sympy mpmath pandas polars networkx sklearn statsmodels numba cython gmpy2 primefac sortedcontainers more_itertools toolz
cytoolz natsort pydantic attr attrs cattrs marshmallow jsonschema typing_extensions six dateutil pytz tzlocal arrow pendulum tzdata
tqdm rich tabulate prettytable colorama termcolor pyfiglet emoji click typer docopt fire
bs4 lxml html5lib soupsieve markdown markdown2 mistune markupsafe jinja2 yaml toml tomli tomlkit ujson orjson simplejson msgpack
cbor2 xmltodict jmespath jsonpath_ng regex chardet charset_normalizer idna unidecode ftfy inflect parse pyparsing lark
matplotlib pylab mpl_toolkits seaborn plotly bokeh altair PIL cv2 skimage imageio shapely geopandas pyproj folium
torch torchvision tensorflow keras jax jaxlib flax xgboost lightgbm catboost transformers tokenizers datasets sentence_transformers
nltk spacy gensim textblob wordcloud openpyxl xlsxwriter xlrd xlwt docx pptx pypdf PyPDF2 pdfplumber fpdf reportlab pyarrow
cvxpy pulp ortools deap pymc emcee pyomo z3 uncertainties pint astropy Bio rdkit chess sudoku
pytest hypothesis faker freezegun mock nose parameterized
einops rfc8785 zstandard lz4 snappy brotli xxhash blake3 nacl itsdangerous passlib bcrypt argon2 jwt
psutil dask bottleneck numexpr xarray tables h5py netCDF4 pyodbc_types ruamel pygments wcwidth blessed
graphviz pydot anytree treelib bitarray bitstring intervaltree rtree numpy_financial yfinance_types holidays phonenumbers
tinycss2 cssselect cssselect2 webencodings
stopwords pycountry babel geopy.distance haversine levenshtein Levenshtein rapidfuzz fuzzywuzzy thefuzz jellyfish
simpleeval_types humanize inflection pluggy loguru structlog cachetools lru dill_types joblib threadpoolctl
sortedcollections bidict frozendict immutables pyrsistent multiset multipledispatch portion codetiming backoff
pympler.asizeof hashids zss pyjokes lorem_text pytest_unordered pyinputplus simpy nashpy galois primesieve pyclipper textdistance pycosat
squarify adjustText missingno colorcet cmocean palettable imblearn category_encoders hmmlearn
mlxtend.plotting mlxtend.preprocessing mlxtend.frequent_patterns mlxtend.evaluate mlxtend.classifier mlxtend.regressor mlxtend.cluster
mlxtend.feature_selection mlxtend.feature_extraction mlxtend.math
"""
