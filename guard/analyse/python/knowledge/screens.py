"""Windows, games and pictures, and the devices that their libraries reach: clipboard, camera, microphone, screen, pointer."""

TABLE = """
@py-screen
tkinter.Tk|Tcl() = pure -> tkinter.Tk
tkinter.Toplevel|Frame|Label|LabelFrame|Button|Canvas|Checkbutton|Entry|Listbox|Menu|Menubutton|Message|OptionMenu|PanedWindow|
    Radiobutton|Scale|Scrollbar|Spinbox|Text|Misc|Wm|Widget|BaseWidget() = pure -> tkinter.Window
tkinter.ttk.Frame|Label|LabelFrame|Labelframe|Button|Checkbutton|Combobox|Entry|LabeledScale|Menubutton|Notebook|OptionMenu|PanedWindow|
    Panedwindow|Progressbar|Radiobutton|Scale|Scrollbar|Separator|Sizegrip|Spinbox|Treeview|Widget() = pure -> tkinter.Window
tkinter.scrolledtext.ScrolledText() = pure -> tkinter.Window
tkinter.simpledialog.Dialog() = pure -> tkinter.Window
customtkinter.CTk() = pure -> tkinter.Tk
customtkinter.CTkToplevel|CTkFrame|CTkLabel|CTkButton|CTkCanvas|CTkCheckBox|CTkComboBox|CTkEntry|CTkInputDialog|CTkOptionMenu|
    CTkProgressBar|CTkRadioButton|CTkScrollableFrame|CTkScrollbar|CTkSegmentedButton|
    CTkSlider|CTkSwitch|CTkTabview|CTkTextbox() = pure -> tkinter.Window
ttkbootstrap.Window() = pure -> tkinter.Tk
ttkbootstrap.Toplevel|Frame|Label|Labelframe|LabelFrame|Button|Canvas|Checkbutton|Combobox|Entry|Floodgauge|Meter|Menu|Menubutton|
    Notebook|OptionMenu|PanedWindow|Panedwindow|Progressbar|Radiobutton|Scale|Scrollbar|Separator|Sizegrip|Spinbox|Tableview|Text|
    Treeview|DateEntry() = pure -> tkinter.Window
tkinter.Window.tk = pure -> tkinter.Tk
tkinter.Window.send() = opaque "sends commands to other programs with windows"
tkinter.Window.option_readfile(fileName) = fs.read fileName
tkinter.Window.postscript(*, file) = fs.write file
tkinter.Window.clipboard_get|clipboard_append|selection_get() = opaque "uses the clipboard"
tkinter.Tk < tkinter.Window
tkinter.Tk.eval|evalfile|call(command) = !tcl
tkinter.Tk.readprofile() = opaque "runs the files that are named after a program"
tkinter.filedialog.askopenfile(mode) = fs.read *
tkinter.filedialog.asksaveasfile|asksaveasfilename() = fs.write *
tkinter.PhotoImage|BitmapImage(*, file) = fs.read file
tkhtmlview.HTMLLabel|HTMLText|HTMLScrolledText(*, html) = !pictured -> tkhtmlview.Html
tkhtmlview.Html.set_html(html) = !pictured
tkhtmlview.Html < tkinter.Window
tkhtmlview.RenderHTML|utils.RenderHTML(file) = fs.read file -> tkhtmlview.Page
tkhtmlview.Page.* = pure
tkhtmlview.html_parser.* = http.get *; fs.read *
turtle.getcanvas|Screen|getscreen() = pure -> turtle.Screen
turtle.Screen.tk|getcanvas() = pure -> turtle.Screen
turtle.Screen.eval|evalfile|call(command) = !tcl
turtle.Screen.postscript(*, file) = fs.write file
turtle.Screen.readprofile() = opaque "runs the files that are named after a program"
turtle.Screen.* = pure -> turtle.Screen
curses.scr_dump(filename) = fs.write filename
curses.scr_restore|scr_init|scr_set(filename) = fs.read filename
pygame.camera.* = opaque "uses the camera"
pygame.scrap.* = opaque "uses the clipboard"
pygame.midi.* = opaque "uses devices for music"
pygame.cdrom.* = opaque "uses the disc drive"
pygame._sdl2.* = opaque "uses sound devices"
pygame.system.get_pref_path() = fs.create "~/"
pygame.image.load|load_basic|load_extended|load_sized_svg(filename) = fs.read filename
pygame.image.save|save_extended(surface, filename) = fs.write filename
pygame.mixer.Sound|SoundType(file) = fs.read file
pygame.mixer.music.load|queue(filename) = fs.read filename
pygame.cursors.load_xbm(cursorfile) = fs.read cursorfile
[pygame customtkinter PySimpleGUI FreeSimpleGUI wx ttkbootstrap tkhtmlview pyttsx3] pure
[pygame.docs pygame.examples pygame.tests] opaque
PySimpleGUI.execute_command_subprocess|execute_command_blocking|execute_command_nonblocking(command) = !spoken_command
PySimpleGUI.shell_with_animation|execute_restart|execute_pip_install_package|execute_pip_get_local_package_version|
    execute_get_results() = opaque "starts programs"
PySimpleGUI.execute_py_file() = proc.exec "python"; opaque "runs a file as code"
PySimpleGUI.execute_editor|execute_file_explorer() = proc.exec *; opaque "starts the programs that its settings name"
PySimpleGUI.execute_py_get_interpreter() = fs.read "~/.config/PySimpleGUI/"
PySimpleGUI.Window.settings_save|settings_restore() = fs.write "~/.config/PySimpleGUI/"
PySimpleGUI.Window.save_window_screenshot_to_disk() = opaque "takes a picture of the screen"
PySimpleGUI.Window.enable_debugger() = opaque "starts a debugger"
PySimpleGUI.show_debugger_window|show_debugger_popout_window() = opaque "starts a debugger"
PySimpleGUI.user_settings|user_settings_set_entry|user_settings_get_entry|user_settings_delete_entry|user_settings_load|
    user_settings_save|user_settings_write_new_dictionary|user_settings_delete_filename|user_settings_file_exists|
    user_settings_object() = fs.write "~/.config/PySimpleGUI/"
PySimpleGUI.UserSettings|user_settings_filename(filename) = fs.write *
PySimpleGUI.clipboard_get|clipboard_set() = opaque "uses the clipboard"
PySimpleGUI.main|main_sdk_help|main_open_github_issue|main_global_pysimplegui_settings|main_get_debug_data() = opaque "starts its own tools"
FreeSimpleGUI => PySimpleGUI
kivy.uix.camera.Camera() = opaque "uses the camera"
kivy.uix.image.Image(*, source) = fs.read source
kivy.core.image.Image(arg) = !read_anything
kivy.core.audio.SoundLoader.load(filename) = !read_anything
kivy.core.text.LabelBase.register(name, fn_regular) = fs.read fn_regular
kivy.uix.image.AsyncImage(source) = !read_anything
kivy.uix.rst.RstDocument(*, source) = fs.read source
kivy.storage.dictstore.DictStore(filename) = fs.write filename; opaque "unpickles data, which can run any code"
kivy.network.* = http.get *
kivy.network.urlrequest.UrlRequest|UrlRequestUrllib|UrlRequestRequests(url, *, file_path) = http.get url; may fs.write file_path
kivy.loader.Loader.image(filename) = !read_anything
kivy.lang.* = opaque "runs rules, which are code"
kivy.app.App.load_kv(filename) = fs.read filename; opaque "runs rules, which are code"
kivy.core.clipboard.* = proc.exec "xclip"
kivy.core.camera.* = opaque "uses the camera"
kivy.atlas.* = fs.read *; fs.write *
[kivy.network kivy.modules kivy.tools kivy.deps kivy.garden kivy.loader kivy.support kivy.interactive kivy.lib kivy.storage] opaque
[kivy.extras kivy.multistroke] opaque
kivy.storage.jsonstore.JsonStore(filename) = fs.write filename
kivy.storage.redisstore.* = net.connect *
kivy.config.Config.write() = fs.write "~/.kivy/config.ini"
kivy.config.Config.read(filename) = fs.read filename
kivy.core.window.Window.screenshot(name) = fs.write name
[kivy] pure
[kivy.core.clipboard kivy.core.camera kivy.core.video kivy.core.spelling kivy.input.providers kivy.uix.video kivy.uix.videoplayer] opaque
[kivy.setupconfig kivy.graphics.cgl_backend] opaque
wx.Execute|Shell(command) = sh command
wx.Process.Open(cmd) = sh cmd
wx.Kill|Process.Kill() = proc.exec "kill"
wx.Shutdown() = proc.exec "shutdown"
wx.LaunchDefaultBrowser|LaunchDefaultApplication(url) = http.get url; proc.exec "browser"
wx.RemoveFile(file) = fs.delete file
wx.RenameFile(file1, file2) = fs.delete file1; fs.write file2
wx.CopyFile(src, dest) = fs.read src; fs.write dest
wx.ConcatFiles(src1, src2, dest) = fs.read src1; fs.read src2; fs.write dest
wx.Mkdir(dir) = fs.create dir/
wx.Rmdir(dir) = fs.delete dir/
wx.TheClipboard.* = opaque "uses the clipboard"
wx.Clipboard.* = opaque "uses the clipboard"
wx.Clipboard|ScreenDC|UIActionSimulator() = opaque "uses the clipboard, the screen or the pointer"
wx.UIActionSimulator.* = opaque "controls mouse and keyboard"
wx.Config|FileConfig|ConfigBase() = fs.write "~/"
wx.GetEnv|GetEnvironmentVariables|GetenvDef() = env.read *
wx.Image|Bitmap|Icon(name) = fs.read name
wx.adv.Sound(fileName) = fs.read fileName
wx.html2.* = net.connect *
wx.media.* = fs.read *; net.connect *
wx.py.* = opaque "serves a shell"
wx.lib.activex.* = opaque "controls other programs"
wx.FileSystem.* = net.connect *
[wx.py wx.tools wx.lib.activex wx.lib.iewin wx.lib.pdfviewer wx.svg] opaque
qt.QtCore.QProcess() = pure -> qt.QtCore.QProcess
qt.QtCore.QProcess.start|startDetached|startCommand|execute|setProgram(program) = proc.exec program
qt.QtCore.QProcess.* = pure
qt.QtCore.QFile|QSaveFile(name) = pure -> qt.QtCore.QFile(name)
qt.QtCore.QFile.remove|moveToTrash(name) = fs.delete *
qt.QtCore.QFile.rename|copy|link|open|resize|write() = fs.write *
qt.QtCore.QFile.* = pure
qt.QtCore.QTemporaryFile|QTemporaryDir|QLockFile() = fs.write *
qt.QtCore.QDir(path) = pure -> qt.QtCore.QDir(path)
qt.QtCore.QDir.remove|rmdir|rmpath|removeRecursively() = fs.delete *
qt.QtCore.QDir.mkdir|mkpath|rename() = fs.create *
qt.QtCore.QDir.entryList|entryInfoList() = fs.list *
qt.QtCore.QDir.* = pure
qt.QtCore.QDirIterator() = fs.list *
qt.QtCore.QSettings() = fs.write *
qt.QtCore.QLibrary|QPluginLoader() = opaque "loads native code"
qt.QtCore.QProcessEnvironment.systemEnvironment() = env.read *
qt.QtCore.qgetenv|qEnvironmentVariable() = env.read *
qt.QtCore.QSharedMemory|QSystemSemaphore|QNativeIpcKey() = opaque "shares memory with other programs"
qt.QtGui.QPainter() = pure -> qt.QtGui.QPainter
qt.QtGui.QPainter.save|restore() = pure
qt.QtGui.QPainter.* = pure
qt.QtGui.QDesktopServices.openUrl(url) = http.get *; proc.exec "browser"
qt.QtGui.QClipboard|QGuiApplication.clipboard() = opaque "uses the clipboard"
qt.QtWidgets.QApplication.clipboard() = opaque "uses the clipboard"
qt.QtWidgets.QApplication() = pure -> qt.QtWidgets.QApplication
qt.QtGui.QGuiApplication() = pure -> qt.QtWidgets.QApplication
qt.QtWidgets.QApplication.* = pure
qt.QtGui.QScreen.grabWindow() = opaque "takes a picture of the screen"
qt.QtGui.QPixmap.grabWindow() = opaque "takes a picture of the screen"
qt.QtWidgets.Screen.grabWindow() = opaque "takes a picture of the screen"
qt.QtGui.QCursor.setPos() = opaque "controls the mouse"
qt.QtWidgets.QFileSystemModel|QDirModel() = fs.list *
qt.QtGui.QFileSystemModel() = fs.list *
qt.QtMultimedia.QMediaPlayer|QSoundEffect|QSound|QMediaContent|QMediaRecorder|QAudioRecorder|QCamera|QAudioInput|
    QAudioSource() = fs.read *; net.connect *
qt.QtMultimedia.QMediaPlaylist() = pure -> qt.QtMultimedia.QMediaPlaylist
qt.QtMultimedia.QMediaPlaylist.load() = fs.read *; net.connect *
qt.QtMultimedia.QMediaPlaylist.save() = fs.write *
qt.QtMultimedia.QMediaPlaylist.* = pure
qt.QtMultimedia.QAudioOutput|QAudioFormat = pure
qt.QtPrintSupport.QPrinter|QPdfWriter() = pure -> qt.QtPrintSupport.QPrinter
qt.QtPrintSupport.QPrinter.setOutputFileName(fileName) = fs.write fileName
qt.QtPrintSupport.QPrinter.* = pure
qt.QtGui.QPdfWriter(filename) = fs.write filename
qt.QtSql.* = sql.drop *
qt.QtNetwork.* = net.connect *
qt.QtWebSockets.* = net.connect *
qt.QtWebEngineWidgets.* = net.connect *
qt.QtWebEngineCore.* = net.connect *
qt.QtWebKit.* = net.connect *
qt.QtWebKitWidgets.* = net.connect *
qt.QtWebEngine.* = net.connect *
qt.QtWebView.* = net.connect *
qt.QtBluetooth.* = net.connect *
qt.QtSerialPort.* = opaque "uses a serial port"
qt.QtDBus.* = opaque "controls other programs"
qt.QAxContainer.* = opaque "controls other programs"
qt.QtQml.* = opaque "runs JavaScript"
qt.QtQuick.* = opaque "runs JavaScript"
qt.QtScript.* = opaque "runs JavaScript"
qt.uic.loadUi|loadUiType|compileUi(uifile) = fs.read uifile; opaque "imports what a description of windows names"
qt.uic.* = opaque "runs a form, which is code"
qt.QtUiTools.* = opaque "runs a form, which is code"
PyQt5 => qt
PyQt6 => qt
PySide2 => qt
PySide6 => qt
PyQt4 => qt
[qt] pure
[qt.uic qt.QtMultimedia qt.QtNetworkAuth qt.QtBluetooth qt.QtNfc qt.QtSerialPort qt.QtSerialBus qt.QtPositioning qt.QtLocation] opaque
[qt.QtSensors qt.QtDBus qt.QtQml qt.QtQuick qt.QtQuickWidgets qt.QtQuick3D qt.QtQuickControls2 qt.QtDeclarative qt.QtScript] opaque
[qt.QtRemoteObjects qt.QtWebChannel qt.QtWebView qt.QtWebEngine qt.QtWebEngineQuick qt.QtAxContainer qt.QtTextToSpeech qt.QtScxml] opaque
[qt.QtHttpServer qt.QtSpatialAudio qt.QtX11Extras qt.QtWinExtras qt.QtMacExtras qt.sip qt.pylupdate qt.pyrcc qt.lupdate qt.scripts] opaque
PIL.Image.open(fp) = fs.read fp -> PIL.Picture
PIL.Image.new|fromarray|frombytes|frombuffer|fromarrow|fromqimage|fromqpixmap|merge|blend|composite|alpha_composite|linear_gradient|
    radial_gradient|effect_noise|effect_mandelbrot|eval|Image() = pure -> PIL.Picture
PIL.ImageChops.* = pure -> PIL.Picture
PIL.ImageOps.* = pure -> PIL.Picture
PIL.ImageSequence.* = pure -> PIL.Picture
PIL.ImageEnhance.* = pure -> PIL.Picture
PIL.ImageCms.applyTransform|profileToProfile() = pure -> PIL.Picture
PIL.ImageCms.getOpenProfile|ImageCmsProfile(profile) = fs.read profile
PIL.ImageTk.getimage() = pure -> PIL.Picture
PIL.ImageFile.Parser() = pure -> PIL.Picture
PIL.Picture.save(fp) = fs.write fp
PIL.Picture.show() = proc.exec "viewer"
PIL.Picture.* = pure -> PIL.Picture
PIL.ImageFont.truetype|load(font) = fs.read font
PIL.ImagePalette.load(filename) = fs.read filename
PIL.ImageGrab.* = opaque "takes a picture of the screen"
PIL.ImageShow.* = proc.exec "viewer"
PIL.ImageMath.eval|unsafe_eval(expression) = !expression
pyqrcode.create|QRCode() = pure -> pyqrcode.Code
pyqrcode.Code.show() = fs.write *; proc.exec "viewer"
pyqrcode.Code.png|svg|eps|xbm(file) = fs.write file
pyqrcode.Code.* = pure
cv2.cv2 => cv2
wordcloud.WordCloud.to_image() = pure -> PIL.Picture
rdkit.Chem.Draw.MolToImage|MolsToImage|MolsToGridImage|ReactionToImage() = pure -> PIL.Picture
keras.utils.array_to_img() = pure -> PIL.Picture
keras.utils.load_img(path) = fs.read path -> PIL.Picture
keras.preprocessing.image.array_to_img() = pure -> PIL.Picture
torchvision.transforms.functional.to_pil_image() = pure -> PIL.Picture
torchvision.transforms.ToPILImage() = pure -> torchvision.ToPILImage
torchvision.ToPILImage.__call__() = pure -> PIL.Picture
torchvision.ToPILImage.* = pure
altair.Chart|LayerChart|HConcatChart|VConcatChart|ConcatChart|FacetChart|RepeatChart|layer|concat|hconcat|
    vconcat|repeat() = pure -> altair.Chart
altair.Chart.save(fp) = fs.write fp
altair.Chart.* = pure -> altair.Chart
altair.datasets.* = http.get "https://cdn.jsdelivr.net/"
altair.data_transformers.enable(name) = may fs.write *
bokeh.io.show() = proc.exec "browser"
bokeh.plotting.show() = proc.exec "browser"
bokeh.plotting.output_file(filename) = fs.write filename
bokeh.io.output_file(filename) = fs.write filename
bokeh.plotting.save(obj, filename) = may fs.write filename
bokeh.io.save(obj, filename) = may fs.write filename
plotly.io.write_image|write_html|write_json(fig, file) = fs.write file
plotly.io.show() = proc.exec "browser"
plotly.io.from_json|read_json() = pure -> plotly.Figure
plotly.offline.plot() = fs.write "temp-plot.html"; proc.exec "browser"
plotly.offline.iplot() = proc.exec "browser"
plotly.graph_objects.Figure|FigureWidget() = pure -> plotly.Figure
plotly.graph_objs => plotly.graph_objects
plotly.subplots.make_subplots() = pure -> plotly.Figure
plotly.tools.make_subplots|mpl_to_plotly() = pure -> plotly.Figure
plotly.figure_factory.* = pure -> plotly.Figure
plotly.express.* = pure -> plotly.Figure
plotly.express.data.* = pure -> pandas.DataFrame
plotly.express.colors.* = pure
plotly.Figure.write_html|write_image|write_json(file) = fs.write file
plotly.Figure.show() = proc.exec "browser"
plotly.Figure.* = pure -> plotly.Figure
palettable.colorbrewer.get_map|colorbrewer.colorbrewer.get_map() = pure -> palettable.Palette
palettable.colorbrewer.qualitative.* = pure -> palettable.Palette
palettable.colorbrewer.sequential.* = pure -> palettable.Palette
palettable.colorbrewer.diverging.* = pure -> palettable.Palette
palettable.wesanderson.* = pure -> palettable.Palette
palettable.tableau.* = pure -> palettable.Palette
palettable.cubehelix.* = pure -> palettable.Palette
palettable.matplotlib.* = pure -> palettable.Palette
palettable.Palette.colorbrewer2() = http.get "http://colorbrewer2.org/"; proc.exec "browser"
palettable.Palette.wap() = http.get *; proc.exec "browser"
palettable.Palette.save_discrete_image|save_continuous_image(filename) = fs.write filename
palettable.Palette.* = pure
[palettable.colorbrewer.data] opaque
"""
