# ruff: noqa
# fmt: off
import boto3
import docker
import git
import paramiko
import psutil
from azure.storage.blob import BlobServiceClient
from google.cloud import storage
from kubernetes import client

boto3.client("s3").delete_object(Bucket="b", Key="k")  # http.delete Endpoint s3.amazonaws.com:443; net.connect Endpoint s3.amazonaws.com:443
boto3.client("s3").list_buckets()  # http.get Endpoint s3.amazonaws.com:443; net.connect Endpoint s3.amazonaws.com:443
boto3.client("s3").upload_file("a", "b", "c")  # fs.read File a; http.post Endpoint s3.amazonaws.com:443; net.connect Endpoint s3.amazonaws.com:443
boto3.resource("ec2").Instance("i").terminate()  # http.delete Endpoint ec2.amazonaws.com:443; net.connect Endpoint ec2.amazonaws.com:443
storage.Client().bucket("b").delete()  # http.delete Endpoint storage.googleapis.com:443; net.connect Endpoint storage.googleapis.com:443
BlobServiceClient("x")  # net.connect Domain ? ~
docker.from_env().containers.run("alpine")  # net.connect Endpoint localhost:2375; proc.exec Program docker
client.CoreV1Api().delete_namespaced_pod("a", "b")  # http.delete Domain ? ~; net.connect Domain ? ~
ssh = paramiko.SSHClient()
ssh.connect("host.example")  # net.connect Endpoint host.example:22
ssh.exec_command("ls")  # proc.exec Program ssh
git.Repo(".").git.push()  # fs.read Folder the workspace; proc.exec Program git; http.post Domain ? ~; http.delete Domain ? ~
psutil.process_iter()
for process in psutil.process_iter():
    process.kill()  # proc.exec Program kill
psutil.cpu_percent()
